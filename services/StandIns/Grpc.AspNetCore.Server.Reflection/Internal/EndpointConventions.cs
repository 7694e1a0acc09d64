using Microsoft.AspNetCore.Builder;

namespace Grpc.AspNetCore.Server.Reflection.Internal;

/// <summary>Applies conventions to several services as if they were one.</summary>
internal sealed class EndpointConventions(IReadOnlyList<IEndpointConventionBuilder> services) : IEndpointConventionBuilder
{
    public void Add(Action<EndpointBuilder> convention)
    {
        foreach (var service in services)
        {
            service.Add(convention);
        }
    }

    public void Finally(Action<EndpointBuilder> finallyConvention)
    {
        foreach (var service in services)
        {
            service.Finally(finallyConvention);
        }
    }
}
