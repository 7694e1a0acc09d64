namespace Diffusion.Mesh.Hosting;

/// <summary>From whom calls without a key are taken.</summary>
public enum AnonymousCalls
{
    /// <summary>From nobody.</summary>
    Never,

    /// <summary>From this machine.</summary>
    Loopback,

    /// <summary>From everybody.</summary>
    Always,
}
