using System.Reflection;

namespace Diffusion.Mesh.Hosting;

/// <summary>The version of this program.</summary>
public static class ServiceVersion
{
    /// <summary>For example <c>0.1.0</c>.</summary>
    public static string Text { get; } = Of(typeof(ServiceVersion).Assembly);

    // Without what is behind the plus: the commit that it was built from.
    private static string Of(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
