using Grpc.Core;

namespace Diffusion.Mesh.Hosting;

/// <summary>Lets nobody through without an identity, but to health and to the scaler's own port: probes and KEDA have no key.</summary>
internal sealed class IdentityInterceptor(CallerCheck check) : CallInterceptor
{
    private const string Health = "/grpc.health.v1.Health/";

    /// <inheritdoc/>
    protected override Task AroundAsync(ServerCallContext context, Func<Task> call)
    {
        Identify(context);
        return call();
    }

    private void Identify(ServerCallContext context)
    {
        if (context.Method.StartsWith(Health, StringComparison.Ordinal) || context.Method.StartsWith(Listeners.ScalerService, StringComparison.Ordinal))
            return;
        var headers = context.RequestHeaders;
        var caller = check.Identify(
            headers.GetValue("authorization"), headers.GetValue("x-api-key"), context.GetHttpContext().Connection.RemoteIpAddress);
        CallerContext.Set(context, caller);
    }
}
