using System.Diagnostics;
using Grpc.Core;

namespace Diffusion.Mesh.Hosting;

/// <summary>A server span for each call of our own services, below the caller's span.</summary>
internal sealed class TracingServerInterceptor(ServiceTelemetry telemetry) : CallInterceptor
{
    /// <inheritdoc/>
    protected override async Task AroundAsync(ServerCallContext context, Func<Task> call)
    {
        if (TelemetryNames.IsBackground(context.Method))
        {
            await call();
            return;
        }

        // ASP.NET Core's own activity is exported by nobody: a span below it would hang in the air.
        Activity.Current = null;
        var span = RpcSpan.StartServer(telemetry, context.Method, TraceHeaders.Read(context.RequestHeaders));
        try
        {
            await call();
            RpcSpan.Stop(span, null);
        }
        catch (Exception e)
        {
            RpcSpan.Stop(span, e);
            throw;
        }
    }
}
