using System.Net.Sockets;
using System.Text;

namespace Diffusion.Mesh.Fuzz;

/// <summary>Bytes on a connection of their own, to an HTTP/1.1 port.</summary>
/// <param name="IsWhole">It is a request from beginning to end, so that it must be answered; else the other side may wait for more, and hears that no more comes.</param>
/// <param name="MayRefuse">The door says 501 for what it does not have.</param>
internal sealed record HttpShot(byte[] Bytes, bool IsWhole, bool MayRefuse = false) : Shot
{
    private const int Enough = 1 << 18;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(400);

    public override async Task<Answer> SendAsync(Server server, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Http.Host, server.Http.Port, cancellation);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(WithServer(server), cancellation);
            return Judge(await ReadAsync(client, stream, cancellation));
        }
        catch (IOException)
        {
            // It was closed while there was more to send.
            return new Answer("CLOSED");
        }
    }

    public override string Describe() => Dump(Bytes);

    private byte[] WithServer(Server server) => Bytes.AsSpan().IndexOf("f022"u8) < 0 && Bytes.AsSpan().IndexOf("THE-KEY"u8) < 0
        ? Bytes
        : Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(Bytes).Replace(NastyTexts.KnownJob, server.KnownJob).Replace("THE-KEY", server.Key));

    private async Task<byte[]> ReadAsync(TcpClient client, NetworkStream stream, CancellationToken cancellation)
    {
        var answer = new MemoryStream();
        var piece = new byte[1 << 14];
        var isTold = IsWhole;
        while (answer.Length < Enough && !HttpAnswer.IsWhole(answer.GetBuffer().AsSpan(0, (int)answer.Length)))
        {
            var read = stream.ReadAsync(piece, cancellation).AsTask();
            if (!isTold && await Task.WhenAny(read, Task.Delay(Moment, cancellation)) != read)
            {
                client.Client.Shutdown(SocketShutdown.Send);
                isTold = true;
            }

            var count = await read;
            if (count == 0)
                break;
            answer.Write(piece, 0, count);
        }

        return answer.ToArray();
    }

    private Answer Judge(byte[] bytes)
    {
        if (HttpAnswer.Status(bytes) is not { } status)
            return new Answer(bytes.Length == 0 ? "CLOSED" : "NO HTTP", IsWrong: bytes.Length > 0 || IsWhole, Text: Dump(bytes, 300));
        // 505 is what the protocol has for a version that nobody knows.
        var isWrong = status >= 500 && status != 505 && !(status == 501 && MayRefuse);
        return new Answer($"{status}", isWrong, status is >= 200 and < 300, Dump(bytes, 1500));
    }
}
