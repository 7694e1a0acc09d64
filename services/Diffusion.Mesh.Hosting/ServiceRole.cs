using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Diffusion.Mesh.Hosting;

/// <summary>What one of the four services adds to the shared host.</summary>
public abstract class ServiceRole
{
    /// <summary>The name on the command line, for example <c>text-encoder</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What it does, in one sentence.</summary>
    public abstract string Description { get; }

    /// <summary>The default port for gRPC; health is served on the next one, HTTP on the one after.</summary>
    public abstract int DefaultPort { get; }

    /// <summary>The name of its <see cref="System.Diagnostics.ActivitySource"/> and of its traces' <c>service.name</c>.</summary>
    public abstract string SourceName { get; }

    /// <summary>The full name of its gRPC service, under which its health is told as well.</summary>
    public abstract string GrpcService { get; }

    /// <summary>True when it serves HTTP/1.1 too.</summary>
    public virtual bool ServesHttp => false;

    /// <summary>True when its gRPC is for applications: their calls need an identity (see <see cref="CallerCheck"/>).</summary>
    public virtual bool IsPublic => false;

    /// <summary>What is wrong with the options for this role, besides what is wrong for every role.</summary>
    public virtual IEnumerable<string> Check(ServiceOptions options) => [];

    /// <summary>Registers its services.</summary>
    public abstract void AddServices(WebApplicationBuilder builder, ServiceOptions options);

    /// <summary>Maps its gRPC services.</summary>
    public abstract void Map(IEndpointRouteBuilder endpoints);
}
