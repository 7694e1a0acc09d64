namespace Diffusion.Mesh.Fuzz;

/// <summary>What one case sends.</summary>
internal abstract record Shot
{
    /// <summary>Sends it and waits for the answer's end, or for as much of it as matters.</summary>
    /// <param name="cancellation">Cancelled when it takes too long.</param>
    public abstract Task<Answer> SendAsync(Server server, CancellationToken cancellation);

    /// <summary>What is sent, in words and bytes.</summary>
    public abstract string Describe();

    /// <summary>Bytes as somebody can read them.</summary>
    protected static string Dump(ReadOnlySpan<byte> bytes, int most = 4096)
    {
        var text = new System.Text.StringBuilder();
        foreach (var b in bytes[..Math.Min(bytes.Length, most)])
            text.Append(b is >= 0x20 and < 0x7f or (byte)'\n' ? $"{(char)b}" : $"\\x{b:x2}");
        return bytes.Length > most ? $"{text}... ({bytes.Length} bytes)" : text.ToString();
    }
}

/// <summary>What became of it.</summary>
/// <param name="Status">For example <c>INVALID_ARGUMENT</c> or <c>400</c>.</param>
/// <param name="IsWrong">No answer to bad input.</param>
/// <param name="IsGood">It was taken.</param>
/// <param name="Text">What the server said.</param>
internal sealed record Answer(string Status, bool IsWrong = false, bool IsGood = false, string Text = "");

/// <summary>Where the services listen, and what is needed to reach what is behind their first checks.</summary>
internal sealed class Server(HttpClient http2) : IDisposable
{
    public required Uri Grpc { get; init; }

    public required Uri Http { get; init; }

    public required Uri TextEncoder { get; init; }

    public required Uri Unet { get; init; }

    public required Uri Vae { get; init; }

    /// <summary>KEDA's service.</summary>
    public required Uri Scaler { get; init; }

    /// <summary>Of the model.</summary>
    public required string Revision { get; init; }

    /// <summary>A key of an operator, as text.</summary>
    public required string Key { get; init; }

    /// <summary>A job that has ended and is still kept.</summary>
    public string KnownJob { get; set; } = NastyTexts.KnownJob;

    public HttpClient Http2 => http2;

    public void Dispose() => http2.Dispose();
}
