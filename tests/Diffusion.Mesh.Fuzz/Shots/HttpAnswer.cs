using System.Globalization;
using System.Text;

namespace Diffusion.Mesh.Fuzz;

/// <summary>As much of an HTTP/1.1 answer as tells its status and where it ends.</summary>
internal static class HttpAnswer
{
    public static int? Status(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("HTTP/1."u8) && bytes.Length >= 12 && int.TryParse(bytes[9..12], CultureInfo.InvariantCulture, out var status) ? status : null;

    /// <summary>Whether it is there to its end. A stream of events is once it told of the job's.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0 || bytes.StartsWith("HTTP/1.1 100"u8))
            return false;
        var head = Encoding.Latin1.GetString(bytes[..end]);
        var body = bytes[(end + 4)..];
        if (Status(bytes) is 204 or 304)
            return true;
        if (head.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase))
            return body.IndexOf("event: done"u8) >= 0 || body.IndexOf("event: failed"u8) >= 0 || body.IndexOf("data: [DONE]"u8) >= 0 || body.IndexOf("\r\n0\r\n\r\n"u8) >= 0;
        foreach (var line in head.Split("\r\n"))
        {
            if (line.StartsWith("content-length:", StringComparison.OrdinalIgnoreCase))
                return long.TryParse(line.AsSpan(15), CultureInfo.InvariantCulture, out var length) && body.Length >= length;
        }

        return body.EndsWith("0\r\n\r\n"u8);
    }
}
