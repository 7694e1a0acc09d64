using Diffusion.Mesh.Hosting;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Counts requests that did not become jobs, whoever refused them. A client that went away was not refused.</summary>
internal sealed class Refusals(RequestMetrics metrics) : ICallObserver
{
    private static readonly string[] Methods = [$"/{V1.Generation.Descriptor.FullName}/Generate", $"/{V1.Generation.Descriptor.FullName}/Submit"];

    /// <inheritdoc/>
    public void Ended(ServerCallContext context, StatusCode code)
    {
        if (code is not (StatusCode.OK or StatusCode.Cancelled) && Methods.Contains(context.Method) && !AuditCalls.HasJob(context.GetHttpContext()))
            metrics.Refused(RpcStatus.Name(code));
    }
}
