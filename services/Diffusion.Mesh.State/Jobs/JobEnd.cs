namespace Diffusion.Mesh.State;

/// <summary>How a job ends.</summary>
public sealed record JobEnd
{
    /// <summary><see cref="JobState.Done"/>, <see cref="JobState.Failed"/> or <see cref="JobState.Cancelled"/>.</summary>
    public required JobState State { get; init; }

    /// <summary>The caller's status code, for example gRPC's; 0 for done.</summary>
    public int Status { get; init; }

    /// <summary>What its tenant may read about the reason. Empty for done.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Last events; stored and told in order, before the end.</summary>
    public IReadOnlyList<JobEvent> Events { get; init; } = [];

    /// <summary>Large results, for example picture files, each in a place of its own; read by index.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Results { get; init; } = [];

    /// <summary>How long the end, the events and the results are kept.</summary>
    public required TimeSpan Retention { get; init; }
}
