using Diffusion.Mesh.Hosting;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Tells the audit log of gRPC calls that were refused. A stream that ends with its job's error was not.</summary>
internal sealed class CallAudit(AuditCalls calls) : ICallObserver
{
    /// <inheritdoc/>
    public void Ended(ServerCallContext context, StatusCode code)
    {
        var isRefusal = code is StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.ResourceExhausted
            or StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.AlreadyExists;
        if (isRefusal && !Refusals.IsAccepted(context))
            calls.Refused(context.GetHttpContext(), ErrorTable.Name(code));
    }
}
