using Grpc.AspNetCore.Server.Reflection.Internal;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers server reflection.</summary>
public static class GrpcReflectionServiceExtensions
{
    /// <summary>Registers server reflection over the services that the application maps.</summary>
    public static IServiceCollection AddGrpcReflection(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<MappedServices>();
        services.TryAddSingleton<Reflector>();
        return services;
    }
}
