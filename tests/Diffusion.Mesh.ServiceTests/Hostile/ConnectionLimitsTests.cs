using System.Net;
using Diffusion.Mesh.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Diffusion.Mesh.ServiceTests;

public sealed class ConnectionLimitsTests
{
    private readonly TaskCompletionSource _end = new();
    private readonly ConnectionLimits _limits = new(
        new ServiceOptions { Grpc = ListenAddress.AnyLoopback, MaxConnections = 3, ConnectionsPerAddress = 2 }, new ManualTime(), NullLogger<ConnectionLimits>.Instance);

    [Fact]
    public async Task Run_OneMoreOfAnAddress_IsClosedUntilAnotherEnds()
    {
        Assert.True(await IsTakenAsync("2001:db8::1", Task.CompletedTask));
        Assert.True(await IsTakenAsync("2001:db8::1", _end.Task));
        Assert.True(await IsTakenAsync("2001:db8::2", _end.Task));
        Assert.False(await IsTakenAsync("2001:db8::3", _end.Task));
        Assert.True(await IsTakenAsync("192.0.2.1", _end.Task));
        // As many as there may be in all.
        Assert.False(await IsTakenAsync("192.0.2.2", _end.Task));

        _end.SetResult();

        Assert.True(await IsTakenAsync("2001:db8::3", _end.Task));
    }

    private async Task<bool> IsTakenAsync(string address, Task end)
    {
        var connection = new DefaultConnectionContext { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 1) };
        var closed = new TaskCompletionSource();
        using var registration = connection.ConnectionClosed.Register(closed.SetResult);
        var taken = false;
        _ = _limits.RunAsync(connection, _ =>
        {
            taken = true;
            return end;
        });
        if (!taken)
            await closed.Task.WaitAsync(Patience.Time);
        return taken;
    }
}
