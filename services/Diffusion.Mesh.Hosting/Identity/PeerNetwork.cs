using System.Net;
using System.Net.Sockets;

namespace Diffusion.Mesh.Hosting;

/// <summary>Whom an address is counted for.</summary>
internal static class PeerNetwork
{
    /// <summary>The address itself, or of IPv6 its network: whoever has one address there has the 2^64 of its /64. None where the address is not known.</summary>
    public static IPAddress Of(IPAddress? peer)
    {
        var address = peer ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    /// <summary>Whether it is this machine's own.</summary>
    public static bool IsLoopback(IPAddress? peer) =>
        peer is not null && IPAddress.IsLoopback(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer);
}
