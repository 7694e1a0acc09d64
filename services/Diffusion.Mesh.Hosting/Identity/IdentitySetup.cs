using Diffusion.Mesh.Identity;
using Grpc.AspNetCore.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.Hosting;

/// <summary>Asks callers of a public role who they are; services among themselves are kept apart by the network.</summary>
internal static class IdentitySetup
{
    /// <exception cref="OptionsException">The file of keys cannot be used.</exception>
    public static void Add(IServiceCollection services, ServiceRole role, ServiceOptions options)
    {
        if (!role.IsPublic)
            return;
        if (options.Keys is { } path)
        {
            // Told at start, with the other wrong options; what happens to it later is the ring's affair.
            Check(path);
            services.AddSingleton(s => ActivatorUtilities.CreateInstance<KeyRing>(s, path));
        }

        if (options.Oidc is { } oidc)
        {
            services.AddSingleton(oidc);
            services.AddSingleton(s => ActivatorUtilities.CreateInstance<OidcKeys>(s, oidc.Issuer));
            services.AddSingleton<OidcTokens>();
        }

        services.AddSingleton<FailedLogins>();
        services.AddSingleton<RequestRates>();
        services.AddSingleton<CallerCheck>();
        services.AddSingleton<GrpcDoor>();
    }

    public static void AddTo(GrpcServiceOptions grpc, ServiceRole role)
    {
        if (role.IsPublic)
            grpc.Interceptors.Add<IdentityInterceptor>();
    }

    private static void Check(string path)
    {
        try
        {
            KeyFile.Read(path);
        }
        catch (KeyFileException e)
        {
            throw new OptionsException([$"--keys: {e.Message}"]);
        }
    }
}
