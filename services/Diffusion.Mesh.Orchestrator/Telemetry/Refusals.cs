using Diffusion.Mesh.Hosting;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Counts requests that did not become jobs, whoever refused them. A client that went away was not refused.</summary>
internal sealed class Refusals(RequestMetrics metrics) : ICallObserver
{
    private static readonly object Key = new();
    private static readonly string[] Methods = [$"/{V1.Generation.Descriptor.FullName}/Generate", $"/{V1.Generation.Descriptor.FullName}/Submit"];

    /// <summary>The call's request became a job.</summary>
    public static void Accepted(ServerCallContext context) => context.UserState[Key] = true;

    /// <inheritdoc/>
    public void Ended(ServerCallContext context, StatusCode code)
    {
        if (code is not (StatusCode.OK or StatusCode.Cancelled) && Methods.Contains(context.Method) && !context.UserState.ContainsKey(Key))
            metrics.Refused(RpcStatus.Name(code));
    }
}
