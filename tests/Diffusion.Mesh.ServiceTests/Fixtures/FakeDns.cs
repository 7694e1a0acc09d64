using System.Net;
using System.Net.Sockets;
using Diffusion.Mesh.Orchestrator;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Names as a test resolves them.</summary>
/// <param name="name">The only one that is asked for.</param>
internal sealed class FakeDns(string name) : IDnsResolver
{
    private int _lookUps;

    /// <summary>What the name has now; null: nobody answers.</summary>
    public IReadOnlyList<IPAddress>? Addresses { get; set; } = [];

    public Task<IReadOnlyList<IPAddress>> ResolveAsync(string asked, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _lookUps);
        Assert.Equal(name, asked);
        return Addresses is { } found ? Task.FromResult(found) : throw new SocketException((int)SocketError.TryAgain);
    }

    /// <summary>Waits for a look-up that begins from now on, and for the one after.</summary>
    public async Task LookedUpAsync()
    {
        var before = Volatile.Read(ref _lookUps);
        while (Volatile.Read(ref _lookUps) < before + 2)
            await Task.Delay(TimeSpan.FromMilliseconds(5), Patience.Token);
    }
}
