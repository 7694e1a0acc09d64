namespace Diffusion.Mesh.Client;

/// <summary>Whom a <see cref="MeshClient"/> asks, and how patiently.</summary>
public sealed record MeshClientOptions
{
    /// <summary>Orchestrators of one cluster, at least one, http://HOST:PORT or https://HOST:PORT. A name with several addresses counts as one.</summary>
    public required IReadOnlyList<Uri> Servers { get; init; }

    /// <summary>The API key; null: none.</summary>
    public string? ApiKey { get; init; }

    /// <summary>How long an accepted job is looked for without any answer, above 0.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a server may take for an answer that needs no work, above 0.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Makes the connections' handlers, for example with authorities of one's own; null: the default.</summary>
    public Func<SocketsHttpHandler>? Handler { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
