using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.Hosting;

/// <summary>The audit log of a public role. It is registered before what it hears from, so that it stops last.</summary>
internal static class AuditSetup
{
    /// <exception cref="OptionsException">Its file cannot be written.</exception>
    public static void Add(IServiceCollection services, ServiceRole role, ServiceOptions options)
    {
        if (!role.IsPublic)
            return;
        if (options.AuditLog is { } path)
            AuditFile.Check(path);
        services.AddSingleton<AuditLog>();
        services.AddHostedService(s => s.GetRequiredService<AuditLog>());
        services.AddSingleton<AuditCalls>();
    }
}
