using Grpc.Core;

namespace Diffusion.Mesh.Client;

/// <summary>Which failures may pass.</summary>
internal static class Failures
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Another server, or this one a moment later, may answer.</summary>
    public static bool IsPassing(RpcException error) => error.StatusCode == StatusCode.Unavailable || IsBroken(error);

    /// <summary>The pause after one.</summary>
    public static TimeSpan After(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    // Internal with an I/O error inside is a connection that broke in the middle of a call.
    private static bool IsBroken(RpcException error) =>
        error.StatusCode == StatusCode.Internal && error.Status.DebugException is IOException or HttpRequestException;
}
