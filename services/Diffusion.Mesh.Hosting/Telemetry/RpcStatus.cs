using System.Collections.Frozen;
using Grpc.Core;

namespace Diffusion.Mesh.Hosting;

/// <summary>How calls end, in the words of OpenTelemetry's RPC conventions.</summary>
public static class RpcStatus
{
    private static readonly FrozenDictionary<StatusCode, string> Names = Enum.GetValues<StatusCode>().ToFrozenDictionary(code => code, Spell);

    /// <summary>The status of a call that ended like this; null: well.</summary>
    public static StatusCode Of(Exception? error) => error switch
    {
        null => StatusCode.OK,
        RpcException rpc => rpc.StatusCode,
        ServiceException expected => ErrorTable.Code(expected.Error),
        OperationCanceledException => StatusCode.Cancelled,
        _ => StatusCode.Unknown,
    };

    /// <summary>DeadlineExceeded as DEADLINE_EXCEEDED.</summary>
    public static string Name(StatusCode code) => Names.GetValueOrDefault(code, "UNKNOWN");

    /// <summary>Whether a server is to blame; the others are the caller's.</summary>
    public static bool IsServerError(StatusCode code) => code is
        StatusCode.Unknown or StatusCode.DeadlineExceeded or StatusCode.Unimplemented or StatusCode.Internal or StatusCode.Unavailable or StatusCode.DataLoss;

    private static string Spell(StatusCode code) => code == StatusCode.OK
        ? "OK"
        : string.Concat(code.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));
}
