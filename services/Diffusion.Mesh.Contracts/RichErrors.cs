using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace Diffusion.Mesh.V1;

/// <summary>Errors with details in the form that all gRPC languages read: <c>google.rpc.Status</c> in a trailer.</summary>
public static class RichErrors
{
    private const string Trailer = "grpc-status-details-bin";

    // Errors travel as headers. Clients take 8 KiB of them and more, and some end the whole connection where there are more, so what was sent is not sent back at length.
    private const int LongestMessage = 600;
    private const int LongestField = 120;
    private const int LongestDescription = 400;
    private const int MostBytes = 4000;

    /// <summary>INVALID_ARGUMENT with a <c>google.rpc.BadRequest</c> that names every wrong field.</summary>
    public static RpcException BadRequest(IReadOnlyList<FieldProblem> problems)
    {
        var badRequest = new BadRequest();
        foreach (var problem in problems)
        {
            var violation = new BadRequest.Types.FieldViolation { Field = Short(problem.Field, LongestField), Description = Short(problem.Description, LongestDescription) };
            if (badRequest.CalculateSize() + violation.CalculateSize() > MostBytes)
                break;
            badRequest.FieldViolations.Add(violation);
        }

        if (problems.Count - badRequest.FieldViolations.Count is > 0 and var more)
            badRequest.FieldViolations.Add(new BadRequest.Types.FieldViolation { Description = $"{more} more are wrong." });
        return Error(StatusCode.InvalidArgument, string.Join(" ", problems.Select(p => $"{p.Field}: {p.Description}")), badRequest);
    }

    /// <summary>A message as short as a header must be.</summary>
    public static string Short(string message) => Short(message, LongestMessage);

    /// <summary>RESOURCE_EXHAUSTED with a <c>google.rpc.RetryInfo</c>.</summary>
    /// <param name="retryAfter">When it makes sense to try again, from now.</param>
    public static RpcException Exhausted(string message, TimeSpan retryAfter) =>
        Error(StatusCode.ResourceExhausted, message, new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) });

    /// <summary>RESOURCE_EXHAUSTED with the load of the worker that is full.</summary>
    public static RpcException Full(string message, WorkerLoad load)
    {
        message = FormattableString.Invariant($"{message} {load.Admitted} of {load.Capacity} calls, {load.Rows} rows, {load.QueuedSeconds:0.###} s of work.");
        return Error(StatusCode.ResourceExhausted, message, load);
    }

    /// <summary>The wrong fields that an error names; none where it has no such details.</summary>
    public static IReadOnlyList<FieldProblem> Problems(RpcException error) =>
        Detail<BadRequest>(error) is { } detail ? [.. detail.FieldViolations.Select(v => new FieldProblem(v.Field, v.Description))] : [];

    /// <summary>When it makes sense to try again, from now; null where the error does not say.</summary>
    public static TimeSpan? RetryAfter(RpcException error) => Detail<RetryInfo>(error)?.RetryDelay?.ToTimeSpan();

    /// <summary>The load that a full worker tells; null where the error is another one.</summary>
    public static WorkerLoad? Load(RpcException error) => error.StatusCode == StatusCode.ResourceExhausted ? Detail<WorkerLoad>(error) : null;

    /// <summary>An error's details as bytes, to be kept; null where it has none.</summary>
    public static byte[]? Pack(RpcException error) => error.Trailers.FirstOrDefault(t => t.Key == Trailer)?.ValueBytes;

    /// <summary>The error of packed details.</summary>
    public static RpcException Unpack(byte[] details)
    {
        var status = Google.Rpc.Status.Parser.ParseFrom(details);
        return new RpcException(new Status((StatusCode)status.Code, status.Message), new Metadata { { Trailer, details } }, status.Message);
    }

    // Not between the halves of a surrogate pair.
    private static string Short(string text, int most) =>
        text.Length <= most ? text : $"{text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)]}...";

    private static RpcException Error(StatusCode code, string message, IMessage detail) =>
        Unpack(new Google.Rpc.Status { Code = (int)code, Message = Short(message), Details = { Any.Pack(detail) } }.ToByteArray());

    private static T? Detail<T>(RpcException error)
        where T : class, IMessage, new()
    {
        if (Pack(error) is not { } bytes)
            return null;
        var descriptor = new T().Descriptor;
        return Google.Rpc.Status.Parser.ParseFrom(bytes).Details.FirstOrDefault(d => d.Is(descriptor))?.Unpack<T>();
    }
}

/// <summary>One wrong field of a request.</summary>
/// <param name="Field">Its name as the proto has it, with dots into messages.</param>
/// <param name="Description">What is wrong and what would be right, as a sentence.</param>
public sealed record FieldProblem(string Field, string Description);
