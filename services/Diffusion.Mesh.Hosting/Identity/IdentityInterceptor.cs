using System.Runtime.ExceptionServices;
using Diffusion.Mesh.Identity;
using Grpc.Core;

namespace Diffusion.Mesh.Hosting;

/// <summary>Ends calls that <see cref="GrpcDoor"/> refused, and tells the others' methods who calls; health and the scaler's own port know no callers.</summary>
internal sealed class IdentityInterceptor : CallInterceptor
{
    /// <inheritdoc/>
    protected override Task AroundAsync(ServerCallContext context, Func<Task> call)
    {
        var features = context.GetHttpContext().Features;
        if (features.Get<GrpcRefusal>() is { } refusal)
            ExceptionDispatchInfo.Throw(refusal.Error);
        if (features.Get<Caller>() is { } caller)
            CallerContext.Set(context, caller);
        return call();
    }
}
