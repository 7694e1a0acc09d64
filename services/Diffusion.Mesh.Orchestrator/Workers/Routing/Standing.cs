namespace Diffusion.Mesh.Orchestrator;

/// <summary>What is known of a worker.</summary>
internal enum Standing
{
    /// <summary>Nothing yet, or it does not tell its load.</summary>
    Unknown,

    /// <summary>It tells its load.</summary>
    Live,

    /// <summary>It cannot be reached, or fell silent.</summary>
    Lost,
}
