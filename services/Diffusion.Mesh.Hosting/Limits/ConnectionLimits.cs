using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Hosting;

/// <summary>
/// Bounds the connections of the public ports together, and those of one address. One more is closed at once, before a byte of it is read. Kestrel's own bound would count
/// the port of health, too, so that whoever fills it has the process restarted.
/// </summary>
internal sealed partial class ConnectionLimits(ServiceOptions options, TimeProvider time, ILogger<ConnectionLimits> logger)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _addresses = [];
    private readonly MinuteCounts<IPAddress> _refused = new(IPAddress.None, time);
    private int _total;

    /// <summary>Lets a connection through where there is room for it.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var address = PeerNetwork.Of((connection.RemoteEndPoint as IPEndPoint)?.Address);
        if (!TryEnter(address))
        {
            if (_refused.Count(address) == 1)
                LogRefused(address, options.MaxConnections, options.ConnectionsPerAddress);
            connection.Abort(new ConnectionAbortedException("There are as many connections as are taken."));
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            Leave(address);
        }
    }

    private bool TryEnter(IPAddress address)
    {
        lock (_lock)
        {
            var own = _addresses.GetValueOrDefault(address);
            if (_total >= options.MaxConnections || own >= options.ConnectionsPerAddress)
                return false;
            _addresses[address] = own + 1;
            _total++;
            return true;
        }
    }

    private void Leave(IPAddress address)
    {
        lock (_lock)
        {
            _total--;
            if (--_addresses[address] == 0)
                _addresses.Remove(address);
        }
    }

    [LoggerMessage(63, LogLevel.Warning, "Connections of {Peer} are refused: at most {Most} are taken, and {PerAddress} of one address")]
    private partial void LogRefused(IPAddress peer, int most, int perAddress);
}
