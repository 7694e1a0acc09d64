using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace Diffusion.Mesh.V1;

/// <summary>Errors with details, in the form that all gRPC languages read: <c>google.rpc.Status</c> in a trailer.</summary>
public static class RichErrors
{
    private const string Trailer = "grpc-status-details-bin";

    /// <summary>INVALID_ARGUMENT with a <c>google.rpc.BadRequest</c>.</summary>
    public static RpcException BadRequest(IReadOnlyList<FieldProblem> problems)
    {
        var message = string.Join(" ", problems.Select(p => $"{p.Field}: {p.Description}"));
        var badRequest = new BadRequest();
        badRequest.FieldViolations.AddRange(
            problems.Select(p => new BadRequest.Types.FieldViolation { Field = p.Field, Description = p.Description }));
        return Rich(StatusCode.InvalidArgument, message, badRequest);
    }

    /// <summary>RESOURCE_EXHAUSTED with the load of the worker that is full.</summary>
    public static RpcException Full(string message, WorkerLoad load)
    {
        message = FormattableString.Invariant($"{message} {load.Admitted} of {load.Capacity} calls, {load.Rows} rows, {load.QueuedSeconds:0.###} s of work.");
        return Rich(StatusCode.ResourceExhausted, message, load);
    }

    /// <summary>The wrong fields that an error names; none where it has no such details.</summary>
    public static IReadOnlyList<FieldProblem> Problems(RpcException error) =>
        Detail<BadRequest>(error) is { } found ? [.. found.FieldViolations.Select(v => new FieldProblem(v.Field, v.Description))] : [];

    /// <summary>The load that a full worker tells; null where the error is another one.</summary>
    public static WorkerLoad? Load(RpcException error) => error.StatusCode == StatusCode.ResourceExhausted ? Detail<WorkerLoad>(error) : null;

    private static RpcException Rich(StatusCode code, string message, IMessage detail)
    {
        var status = new Google.Rpc.Status { Code = (int)code, Message = message, Details = { Any.Pack(detail) } };
        return new RpcException(new Status(code, message), new Metadata { { Trailer, status.ToByteArray() } }, message);
    }

    private static T? Detail<T>(RpcException error)
        where T : class, IMessage<T>, new()
    {
        var bytes = error.Trailers.FirstOrDefault(t => t.Key == Trailer)?.ValueBytes;
        return bytes is null
            ? null
            : Google.Rpc.Status.Parser.ParseFrom(bytes).Details.Select(d => d.TryUnpack<T>(out var detail) ? detail : null).FirstOrDefault(d => d is not null);
    }
}

/// <summary>One wrong field of a request.</summary>
/// <param name="Field">Its name as the proto has it, with dots into messages.</param>
/// <param name="Description">What is wrong and what would be right, as a sentence.</param>
public sealed record FieldProblem(string Field, string Description);
