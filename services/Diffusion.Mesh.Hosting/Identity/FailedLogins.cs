using System.Net;

namespace Diffusion.Mesh.Hosting;

/// <summary>
/// Counts calls without a valid key by address, within a minute. Keeps the log readable: keys themselves are beyond guessing, which is why a good
/// key is taken from any address, and a client with a wrong one locks no neighbour out.
/// </summary>
public sealed class FailedLogins(TimeProvider time)
{
    /// <summary>How many failures of one address are answered and logged one by one.</summary>
    public const int Tolerated = 30;

    private readonly MinuteCounts<IPAddress> _counts = new(IPAddress.None, time);

    /// <summary>Counts a failure, and tells whether there were too many within the minute.</summary>
    public bool IsOneTooMany(IPAddress? peer) => _counts.Count(PeerNetwork.Of(peer)) > Tolerated;
}
