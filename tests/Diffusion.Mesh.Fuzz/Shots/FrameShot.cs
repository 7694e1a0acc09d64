using System.Net.Sockets;

namespace Diffusion.Mesh.Fuzz;

/// <summary>Bytes to an HTTP/2 port. What comes back is not read: that the server stays what it was is told by its log and by other cases.</summary>
internal sealed record FrameShot(Func<Server, Uri> At, byte[] Bytes) : Shot
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(150);

    public override async Task<Answer> SendAsync(Server server, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        var at = At(server);
        await client.ConnectAsync(at.Host, at.Port, cancellation);
        var stream = client.GetStream();
        var piece = new byte[1 << 14];
        try
        {
            await stream.WriteAsync(Bytes, cancellation);
            var isTold = false;
            while (true)
            {
                var read = stream.ReadAsync(piece, cancellation).AsTask();
                if (!isTold && await Task.WhenAny(read, Task.Delay(Moment, cancellation)) != read)
                {
                    client.Client.Shutdown(SocketShutdown.Send);
                    isTold = true;
                }

                if (await read == 0)
                    return new Answer("CLOSED");
            }
        }
        catch (IOException)
        {
            return new Answer("CLOSED");
        }
    }

    public override string Describe() => $"HTTP/2 frames: {Convert.ToHexString(Bytes.AsSpan(0, Math.Min(Bytes.Length, 2000)))}";
}
