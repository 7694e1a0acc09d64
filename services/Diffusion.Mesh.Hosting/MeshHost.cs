using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Diffusion.Mesh.Hosting;

/// <summary>The host that all four services share: listeners, health, reflection, identity, limits, errors and telemetry.</summary>
public static class MeshHost
{
    /// <summary>Builds a service.</summary>
    /// <param name="role">What it does.</param>
    /// <param name="options">How.</param>
    /// <param name="configure">Further registrations, made last.</param>
    /// <exception cref="OptionsException">The options cannot be used.</exception>
    public static WebApplication Build(ServiceRole role, ServiceOptions options, Action<WebApplicationBuilder>? configure = null)
    {
        OptionsCheck.ThrowIfWrong(role, options);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);
        // Each look at a service that still loads or drains would be logged as an error; its state is told by health itself.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        // What a service throws ErrorInterceptor logs; beyond it this knows only callers that left while their message was read, as errors.
        builder.Logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.None);
        builder.Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = options.Drain);
        builder.Services.AddSingleton(options);
        // A start that fails is told in one line by whoever starts; this would tell it in thirty.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        builder.Services.TryAddSingleton(TimeProvider.System);
        TlsSetup.Add(builder, options);
        builder.WebHost.ConfigureKestrel(kestrel => Listeners.Add(kestrel, role, options));

        builder.Services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = MessageLimits.Largest;
            grpc.Interceptors.Add<RequestReadingInterceptor>();
            grpc.Interceptors.Add<ServerMetricsInterceptor>();
            grpc.Interceptors.Add<TracingServerInterceptor>();
            grpc.Interceptors.Add<ErrorInterceptor>();
            IdentitySetup.AddTo(grpc, role);
            grpc.Interceptors.Add<MessageLimitInterceptor>();
        });
        builder.Services.AddGrpcReflection();
        HealthSetup.Add(builder.Services, role);
        IdentitySetup.Add(builder.Services, role, options);
        PublicLimits.Add(builder.Services, role);
        builder.Services.AddCors();
        AuditSetup.Add(builder.Services, role, options);
        TelemetrySetup.Add(builder.Services, role, options);
        role.AddServices(builder, options);
        configure?.Invoke(builder);

        var app = builder.Build();
        Listeners.KeepHealthPortApart(app);
        UnreadableCalls.Use(app);
        PublicLimits.Use(app, role);
        CrossOrigin.Use(app, options);
        app.MapGrpcHealthChecksService();
        app.MapGrpcReflectionService();
        role.Map(app);
        return app;
    }
}
