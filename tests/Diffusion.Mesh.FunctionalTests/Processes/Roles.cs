namespace Diffusion.Mesh.FunctionalTests;

/// <summary>The roles' names on the command line.</summary>
internal static class Roles
{
    public const string TextEncoder = "text-encoder";
    public const string Unet = "unet";
    public const string Vae = "vae";
    public const string Orchestrator = "orchestrator";
    public const string All = "all";
}
