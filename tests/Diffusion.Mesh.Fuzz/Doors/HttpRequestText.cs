using System.Globalization;
using System.Text;

namespace Diffusion.Mesh.Fuzz;

/// <summary>A request as HTTP/1.1 writes it, part by part.</summary>
internal sealed class HttpRequestText(string method, string target, byte[]? body = null, string contentType = "application/json")
{
    private static readonly string[] Methods = ["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PATCH", "get", "FOO", "PRI"];

    private static readonly string[] Names =
    [
        "Host", "Origin", "Sec-Fetch-Site", "Content-Type", "Content-Length", "Transfer-Encoding", "Expect", "Upgrade", "Connection", "Authorization", "x-api-key", "Last-Event-ID",
        "Range", "If-None-Match", "If-Modified-Since", "Accept", "Accept-Encoding", "Content-Encoding", "X-Forwarded-For", "Forwarded", "Via", "traceparent", "Cookie", "TE",
        "X-HTTP-Method-Override", "HTTP2-Settings", "Sec-WebSocket-Key", "X-Long",
    ];

    private static readonly string[] Values =
    [
        "localhost", "127.0.0.1:1", "evil.example", "http://evil.example", "null", "cross-site", "same-origin", "application/json", "application/json; charset=utf-16", "text/plain",
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x", "0", "-1", "5", "99999999999999999999", "chunked", "gzip, chunked", "identity",
        "100-continue", "h2c", "websocket", "close", "keep-alive", "Bearer x", "Bearer THE-KEY", "bytes=0-10", "bytes=5-1,-1", "*", "\"x\"", "gzip", "zstd", "127.0.0.1", "1", "-5",
        "18446744073709551615", "18446744073709551616", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ];

    private readonly List<(string Name, string Value)> _headers = [("Host", "127.0.0.1"), ("Connection", "close"), ("x-api-key", "THE-KEY")];
    private bool _isChunked;

    /// <summary>Changes the line and the headers.</summary>
    public void Mutate(Dice dice)
    {
        if (dice.Chance(0.1))
            method = dice.Pick(Methods);
        if (dice.Chance(body is null ? 0.5 : 0.1))
            target = Target(dice, target);
        for (var i = dice.Below(3) - 1; i >= 0; i--)
            _headers.Add((dice.Pick(Names), dice.Chance(0.8) ? dice.Pick(Values) : Line(NastyTexts.Pick(dice))));
        if (dice.Chance(0.2))
            _headers.RemoveAt(dice.Below(_headers.Count));
        _isChunked = dice.Chance(0.2);
    }

    public HttpShot Shot(Dice dice, bool change)
    {
        var bytes = Bytes(dice);
        // What of that API makes no sense here is answered with 501.
        var mayRefuse = target.Contains("/sdapi/", StringComparison.Ordinal);
        // A header may say that more comes, or that the connection is another one's.
        var isPlain = !_isChunked && method != "CONNECT" && _headers.Contains(("Connection", "close"))
            && _headers.All(h => h.Name is "Host" or "Connection" or "x-api-key" or "Origin" or "Sec-Fetch-Site");
        var isWhole = !change || isPlain;
        return change && dice.Chance(0.25) ? new HttpShot(ByteMutator.Mutate(dice, bytes), IsWhole: false, mayRefuse) : new HttpShot(bytes, isWhole, mayRefuse);
    }

    private static string Target(Dice dice, string target)
    {
        var parts = target.Split('/', '?', '&', '=');
        var part = dice.Pick(parts);
        var nasty = dice.Chance(0.5) ? Uri.EscapeDataString(NastyTexts.Pick(dice)) : Line(NastyTexts.Pick(dice)).Replace(' ', '+');
        nasty = nasty[..Math.Min(nasty.Length, 12_000)];
        return dice.Below(5) switch
        {
            0 => $"{target}/{nasty}",
            1 => $"{target}{(target.Contains('?') ? '&' : '?')}{nasty}",
            2 => $"http://localhost{target}",
            _ when part.Length > 0 => target.Replace(part, nasty),
            _ => target + nasty,
        };
    }

    private static string Line(string text) => text.ReplaceLineEndings(" ");

    private byte[] Bytes(Dice dice)
    {
        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\n");
        foreach (var (name, value) in _headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        var content = body;
        if (content is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: {contentType}\r\n");
            head.Append(_isChunked ? "Transfer-Encoding: chunked\r\n" : $"Content-Length: {content.Length}\r\n");
            content = _isChunked ? Chunked(dice, content) : content;
        }

        return [.. Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), .. content ?? []];
    }

    private static byte[] Chunked(Dice dice, byte[] content)
    {
        var chunks = new MemoryStream();
        for (var at = 0; at < content.Length;)
        {
            var size = Math.Min(content.Length - at, 1 + dice.Below(2000));
            var told = dice.Chance(0.02) ? dice.Pick(["-1", "ffffffff", "ffffffffffffffffff", "x", "", "0"]) : $"{size:x}{(dice.Chance(0.05) ? ";a=b" : "")}";
            chunks.Write(Encoding.ASCII.GetBytes($"{told}\r\n"));
            chunks.Write(content, at, size);
            chunks.Write("\r\n"u8);
            at += size;
        }

        chunks.Write("0\r\n\r\n"u8);
        return chunks.ToArray();
    }
}
