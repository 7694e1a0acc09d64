using Diffusion.Mesh.Hosting;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Tells the audit log of gRPC calls that were refused.</summary>
internal sealed class CallAudit(AuditCalls calls) : ICallObserver
{
    /// <inheritdoc/>
    public void Ended(ServerCallContext context, StatusCode code) => calls.Refused(context.GetHttpContext(), ErrorTable.Name(code));
}
