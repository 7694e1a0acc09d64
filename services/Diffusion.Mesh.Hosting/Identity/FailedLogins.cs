using System.Net;
using System.Net.Sockets;

namespace Diffusion.Mesh.Hosting;

/// <summary>
/// Counts calls without a valid key by address, within a minute. Keeps the log readable: keys themselves are beyond guessing, which is why a good
/// key is taken from any address, and a client with a wrong one locks no neighbour out.
/// </summary>
public sealed class FailedLogins(TimeProvider time)
{
    /// <summary>How many failures of one address are answered and logged one by one.</summary>
    public const int Tolerated = 30;

    // Addresses in the table; what more come within a minute share one count.
    private const int MaxAddresses = 4096;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _counts = [];
    private DateTimeOffset _began;

    /// <summary>Counts a failure, and tells whether there were too many within the minute.</summary>
    public bool IsOneTooMany(IPAddress? peer)
    {
        var address = Network(peer ?? IPAddress.None);
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (now - _began >= Window)
            {
                _counts.Clear();
                _began = now;
            }

            if (!_counts.ContainsKey(address) && _counts.Count >= MaxAddresses)
                address = IPAddress.None;
            return (_counts[address] = _counts.GetValueOrDefault(address) + 1) > Tolerated;
        }
    }

    // Whoever has one address of IPv6 has the 2^64 of its network.
    private static IPAddress Network(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.IsIPv4MappedToIPv6)
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
