using System.Reflection;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Reflection.Internal;

/// <summary>Finds the descriptors of the gRPC services among the application's endpoints.</summary>
internal sealed partial class MappedServices(EndpointDataSource endpoints, ILogger<MappedServices> logger)
{
    /// <summary>The services mapped so far; ask only once all are.</summary>
    public IReadOnlyList<ServiceDescriptor> Find()
    {
        var found = new List<ServiceDescriptor>();
        var types = endpoints.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.ServiceType);
        foreach (var type in types.OfType<Type>().Distinct())
        {
            if (DescriptorOf(type) is { } descriptor)
            {
                found.Add(descriptor);
            }
            else
            {
                LogUnknown(type);
            }
        }

        return found;
    }

    // The attribute stands on the generated base class, which names the static class that has the descriptor.
    private static ServiceDescriptor? DescriptorOf(Type? type)
    {
        while (type is not null)
        {
            if (type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is { } attribute)
            {
                var property = attribute.BindType.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static);
                return property?.GetValue(null) as ServiceDescriptor;
            }

            type = type.BaseType;
        }

        return null;
    }

    [LoggerMessage(EventId = 1, EventName = "ServiceDescriptorNotResolved", Level = LogLevel.Debug,
        Message = "Could not resolve service descriptor for '{ServiceType}'. The reflection service will not show it.")]
    private partial void LogUnknown(Type serviceType);
}
