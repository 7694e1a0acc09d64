using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.Hosting;

/// <summary>
/// Separate listeners for gRPC (HTTP/2), for probes' gRPC health, for HTTP/1.1 and for KEDA: a cleartext port speaks one protocol only, and neither probes nor
/// KEDA present a certificate or a key once gRPC asks for one.
/// </summary>
public static class Listeners
{
    /// <summary>Path of KEDA's service, which has a port of its own and is answered nowhere else.</summary>
    internal const string ScalerService = "/externalscaler.ExternalScaler/";

    private const string HealthService = "/grpc.health.v1.Health/";

    /// <summary>The address that a started service's gRPC has, with the port that it got.</summary>
    public static Uri GrpcAddress(WebApplication app)
    {
        // Kestrel reports its addresses in the order in which they were added; gRPC is the first.
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return new Uri(addresses.First());
    }

    /// <summary>The address of a started service's HTTP/1.1, with the port that it got; null where it serves none.</summary>
    public static Uri? HttpAddress(WebApplication app, ServiceOptions options)
    {
        if (options.Http is null)
            return null;
        // Kestrel reports its addresses in the order in which they were added.
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return new Uri(addresses.ElementAt(options.Health is null ? 1 : 2));
    }

    internal static void Add(KestrelServerOptions kestrel, ServiceRole role, ServiceOptions options)
    {
        var rings = kestrel.ApplicationServices.GetRequiredService<TlsRings>();
        var ring = role.IsPublic ? rings.Public : rings.Cluster;
        kestrel.AddServerHeader = false;
        // Streams last as long as a generation; their messages have limits of their own.
        kestrel.Limits.MaxRequestBodySize = null;
        PublicLimits.Set(kestrel.Limits, role, options);
        // Dead peers are noticed although a long denoising step sends nothing.
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(15);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.Http2.InitialStreamWindowSize = 1 << 20;
        kestrel.Limits.Http2.InitialConnectionWindowSize = 4 << 20;

        Listen(options.Grpc, HttpProtocols.Http2, Purpose.Grpc, ring);
        if (options.Health is { } health)
            Listen(health, HttpProtocols.Http2, Purpose.Health, null);
        if (options.Http is { } http)
            Listen(http, HttpProtocols.Http1, Purpose.Http, ring);
        if (options.Scaler is { } scaler)
            Listen(scaler, HttpProtocols.Http2, Purpose.Scaler, null);

        void Listen(ListenAddress address, HttpProtocols protocols, Purpose purpose, TlsRing? tls) =>
            kestrel.Listen(new IPEndPoint(address.Host, address.Port), listen =>
            {
                listen.Protocols = protocols;
                if (role.IsPublic && purpose is Purpose.Grpc or Purpose.Http)
                    PublicLimits.Count(listen);
                if (tls is not null)
                    TlsSetup.Use(listen, tls);
                listen.Use(next => connection =>
                {
                    connection.Features.Set(new ListenerFeature(purpose));
                    return next(connection);
                });
            });
    }

    /// <summary>
    /// Each port answers for its own purpose only: health on the health port, KEDA's service on its own, everything else of gRPC on the gRPC port, all else on that of
    /// HTTP/1.1.
    /// </summary>
    internal static void KeepHealthPortApart(WebApplication app) => app.Use((context, next) =>
    {
        var purpose = context.Features.Get<ListenerFeature>()?.Purpose ?? Purpose.Grpc;
        var isGrpc = IsGrpc(context);
        var refused = purpose switch
        {
            Purpose.Health => !context.Request.Path.StartsWithSegments(HealthService.TrimEnd('/')),
            Purpose.Http => isGrpc,
            Purpose.Scaler => !context.Request.Path.StartsWithSegments(ScalerService.TrimEnd('/')),
            _ => !isGrpc || context.Request.Path.StartsWithSegments(ScalerService.TrimEnd('/')),
        };
        if (purpose == Purpose.Http)
            SecurityHeaders.Add(context.Response.Headers);
        if (!refused)
            return next(context);
        if (!isGrpc)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        context.Response.ContentType = "application/grpc";
        context.Response.Headers["grpc-status"] = ((int)StatusCode.Unimplemented).ToString();
        context.Response.Headers["grpc-message"] = purpose switch
        {
            Purpose.Health => "This port serves health only.",
            Purpose.Http => "This port serves HTTP/1.1 only.",
            Purpose.Scaler => "This port serves the external scaler only.",
            _ => "The external scaler has a port of its own.",
        };
        return Task.CompletedTask;
    });

    /// <summary>Whether a call is one of gRPC.</summary>
    internal static bool IsGrpc(HttpContext context) => context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) ?? false;

    private enum Purpose
    {
        Grpc,
        Health,
        Http,
        Scaler,
    }

    private sealed record ListenerFeature(Purpose Purpose);
}
