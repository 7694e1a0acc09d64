using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Hosting;

/// <summary>A process's identities.</summary>
public sealed class TlsRings(ServiceOptions options, TimeProvider time, ILogger<TlsRing> logger) : IDisposable
{
    /// <summary>Towards the cluster's other services; null: connections to them are in the clear.</summary>
    public TlsRing? Cluster { get; } = options.Tls is { } files ? new TlsRing(files, time, logger) : null;

    /// <summary>Towards applications; null: their connections are in the clear.</summary>
    public TlsRing? Public { get; } = options.PublicTls is { } files ? new TlsRing(files, time, logger) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        Cluster?.Dispose();
        Public?.Dispose();
    }
}
