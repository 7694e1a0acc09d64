using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace Diffusion.Mesh.V1;

/// <summary>Errors that name every wrong field, in the form that all gRPC languages read: <c>google.rpc.Status</c> in a trailer.</summary>
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
        var status = new Google.Rpc.Status { Code = (int)StatusCode.InvalidArgument, Message = message, Details = { Any.Pack(badRequest) } };
        return new RpcException(new Status(StatusCode.InvalidArgument, message), new Metadata { { Trailer, status.ToByteArray() } }, message);
    }

    /// <summary>The wrong fields that an error names; none where it has no such details.</summary>
    public static IReadOnlyList<FieldProblem> Problems(RpcException error)
    {
        var bytes = error.Trailers.FirstOrDefault(t => t.Key == Trailer)?.ValueBytes;
        if (bytes is null)
            return [];
        var detail = Google.Rpc.Status.Parser.ParseFrom(bytes).Details.FirstOrDefault(d => d.Is(Google.Rpc.BadRequest.Descriptor));
        return detail is null ? [] : [.. detail.Unpack<BadRequest>().FieldViolations.Select(v => new FieldProblem(v.Field, v.Description))];
    }
}

/// <summary>One wrong field of a request.</summary>
/// <param name="Field">Its name as the proto has it, with dots into messages.</param>
/// <param name="Description">What is wrong and what would be right, as a sentence.</param>
public sealed record FieldProblem(string Field, string Description);
