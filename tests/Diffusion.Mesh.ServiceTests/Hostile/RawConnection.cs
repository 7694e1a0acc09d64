using System.Net.Sockets;
using System.Text;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>A connection whose bytes are written by hand.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new();

    public static async Task<RawConnection> OpenAsync(Uri address, string text = "")
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(address.Host, address.Port);
        await connection.SendAsync(text);
        return connection;
    }

    public async Task SendAsync(string text)
    {
        if (text.Length > 0)
            await _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text));
    }

    /// <summary>The first bytes that come.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        await _client.GetStream().ReadExactlyAsync(bytes, Patience.Token);
        return bytes;
    }

    /// <summary>Whatever comes until the server closes the connection.</summary>
    public async Task<string> ReadAsync()
    {
        using var all = new MemoryStream();
        try
        {
            await _client.GetStream().CopyToAsync(all, Patience.Token);
        }
        catch (IOException)
        {
            // Closed with a reset.
        }

        return Encoding.Latin1.GetString(all.ToArray());
    }

    public void Dispose() => _client.Dispose();
}
