using System.IO.Compression;
using Grpc.AspNetCore.Server;
using Grpc.Net.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.Hosting;

/// <summary>What strangers may take of a public service before it knows them. Services among themselves are kept apart by the network, and have none of it.</summary>
internal static class PublicLimits
{
    // Tokens with many groups have some KiB.
    private const int HeaderBytes = 32 << 10;
    private const int HeaderFieldBytes = 16 << 10;
    private const int Headers = 64;
    private const int RequestLineBytes = 8 << 10;
    private const int HeaderTableBytes = 4 << 10;
    private const int StreamsPerConnection = 100;

    // A body that comes more slowly is cut off: over HTTP/2 with its whole connection, so it gets more time than ApiDoor gives over HTTP/1.1.
    private static readonly MinDataRate Requests = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(10));

    // A reader that takes nothing for so long is cut off.
    private static readonly MinDataRate Responses = new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(30));

    public static void Set(KestrelServerLimits limits, ServiceRole role, ServiceOptions options)
    {
        limits.MinRequestBodyDataRate = role.IsPublic ? Requests : null;
        limits.MinResponseDataRate = role.IsPublic ? Responses : null;
        if (!role.IsPublic)
            return;
        limits.MaxRequestHeadersTotalSize = HeaderBytes;
        limits.MaxRequestHeaderCount = Headers;
        limits.MaxRequestLineSize = RequestLineBytes;
        limits.RequestHeadersTimeout = options.HeaderTimeout;
        limits.KeepAliveTimeout = options.IdleTimeout;
        limits.Http2.MaxRequestHeaderFieldSize = HeaderFieldBytes;
        limits.Http2.HeaderTableSize = HeaderTableBytes;
        limits.Http2.MaxStreamsPerConnection = StreamsPerConnection;
    }

    public static void Add(IServiceCollection services, ServiceRole role)
    {
        if (!role.IsPublic)
            return;
        services.AddHttpContextAccessor();
        services.AddSingleton<ConnectionLimits>();
        services.AddOptions<GrpcServiceOptions>().Configure<IHttpContextAccessor>((grpc, calls) => grpc.CompressionProviders =
        [
            new BoundedCompression(new GzipCompressionProvider(CompressionLevel.Fastest), calls),
            new BoundedCompression(new DeflateCompressionProvider(CompressionLevel.Fastest), calls),
        ]);
    }

    /// <summary>Counts a listener's connections.</summary>
    public static void Count(ListenOptions listen)
    {
        var limits = listen.ApplicationServices.GetRequiredService<ConnectionLimits>();
        listen.Use(next => connection => limits.RunAsync(connection, next));
    }

    /// <summary>Puts the door before gRPC's methods.</summary>
    public static void Use(WebApplication app, ServiceRole role)
    {
        if (!role.IsPublic)
            return;
        var door = app.Services.GetRequiredService<GrpcDoor>();
        app.Use(next => context => Listeners.IsGrpc(context) ? door.InvokeAsync(context, next) : next(context));
    }
}
