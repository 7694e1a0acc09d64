using Grpc.AspNetCore.Server.Reflection.Internal;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps server reflection.</summary>
public static class GrpcReflectionEndpointRouteBuilderExtensions
{
    /// <summary>Serves reflection in the versions v1 and v1alpha.</summary>
    /// <exception cref="InvalidOperationException">Reflection has not been registered.</exception>
    public static IEndpointConventionBuilder MapGrpcReflectionService(this IEndpointRouteBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.ServiceProvider.GetService<MappedServices>() is null)
        {
            throw new InvalidOperationException("Reflection is not registered: call 'IServiceCollection.AddGrpcReflection()' first.");
        }

        return new EndpointConventions([
            builder.MapGrpcService<ReflectionService>(),
            builder.MapGrpcService<ReflectionV1AlphaService>(),
        ]);
    }
}
