namespace Diffusion.Mesh.FunctionalTests;

/// <summary>The built executables; the build lists them beside the tests.</summary>
internal static class Executables
{
    private static readonly Lazy<Dictionary<string, string>> Files = new(() =>
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "executables.txt")).ToDictionary(f => Path.GetFileNameWithoutExtension(f)));

    public static string Mesh => Named("mesh");

    public static string Named(string assembly) => Files.Value[assembly];

    /// <summary>The executable of a role, by its name on the command line.</summary>
    public static string Of(string role) => Named(role switch
    {
        Roles.TextEncoder => "Diffusion.Mesh.TextEncoder",
        Roles.Unet => "Diffusion.Mesh.Unet",
        Roles.Vae => "Diffusion.Mesh.Vae",
        _ => "Diffusion.Mesh.Orchestrator",
    });
}
