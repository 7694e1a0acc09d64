using System.Buffers.Binary;
using System.Net;
using System.Text;
using Grpc.Core;

namespace Diffusion.Mesh.Fuzz;

/// <summary>A call over HTTP/2 whose headers and body may be anything.</summary>
/// <param name="At">Which service.</param>
/// <param name="Path">For example <c>/diffusion.mesh.v1.Generation/Submit</c>.</param>
/// <param name="Body">Frames of gRPC, or not.</param>
/// <param name="Follow">Told of each message; false: the answer is left, as of a stream without end.</param>
internal sealed record GrpcShot(
    Func<Server, Uri> At, string Path, byte[] Body, IReadOnlyList<(string Name, string Value)> Headers, Func<byte[], bool> Follow, string Method = "POST") : Shot
{
    private static readonly StatusCode[] Wrong = [StatusCode.Unknown, StatusCode.Internal, StatusCode.Unavailable, StatusCode.DataLoss];

    /// <summary>A message in its frame.</summary>
    public static byte[] Frame(byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    public override async Task<Answer> SendAsync(Server server, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(new HttpMethod(Method), new Uri(At(server), Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(WithKnownJob(Body, server)),
        };
        foreach (var (name, value) in Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content.Headers.TryAddWithoutValidation(name, value);
        }

        try
        {
            using var response = await server.Http2.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            var text = await ReadAsync(response, cancellation);
            return text is null ? new Answer("LEFT", IsGood: true) : Judge(response, text);
        }
        catch (HttpRequestException e) when (!cancellation.IsCancellationRequested)
        {
            return Broken(e);
        }
        catch (HttpIOException e) when (!cancellation.IsCancellationRequested)
        {
            return Broken(e);
        }
    }

    public override string Describe() =>
        $"{Method} {Path}\n{string.Join('\n', Headers.Select(h => $"{h.Name}: {Dump(Encoding.Latin1.GetBytes(h.Value), 300)}"))}\n\n{Dump(Body)}";

    // Ids are of one length, so frames stay what they are.
    private static byte[] WithKnownJob(byte[] body, Server server)
    {
        var at = body.AsSpan().IndexOf(Encoding.ASCII.GetBytes(NastyTexts.KnownJob));
        if (at < 0)
            return body;
        var result = (byte[])body.Clone();
        Encoding.ASCII.GetBytes(server.KnownJob).CopyTo(result, at);
        return result;
    }

    private async Task<string?> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var head = new byte[5];
        if (response.Content.Headers.ContentType?.MediaType != "application/grpc")
            return await new StreamReader(stream).ReadToEndAsync(cancellation);
        while (await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation) == head.Length)
        {
            var message = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
            await stream.ReadExactlyAsync(message, cancellation);
            if (!Follow(message))
                return null;
        }

        return "";
    }

    private static Answer Judge(HttpResponseMessage response, string text)
    {
        if ((int)response.StatusCode >= 500)
            return new Answer($"HTTP {(int)response.StatusCode}", IsWrong: true, Text: text);
        if (Header(response, "grpc-status") is not { } status)
            return new Answer($"HTTP {(int)response.StatusCode}", IsWrong: response.IsSuccessStatusCode, Text: text);
        var code = int.TryParse(status, out var number) ? (StatusCode)number : StatusCode.Unknown;
        return new Answer($"{code}", Wrong.Contains(code), code == StatusCode.OK, Header(response, "grpc-message") ?? "");
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        (response.TrailingHeaders.TryGetValues(name, out var values) || response.Headers.TryGetValues(name, out values)) ? values.First() : null;

    // A server may reset a call whose frames or headers are wrong; for its own fault it may not, nor may it answer with what no client takes.
    private static Answer Broken(Exception error)
    {
        var protocol = error as HttpProtocolException ?? error.InnerException as HttpProtocolException;
        var isWrong = protocol?.ErrorCode == 2 || error is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.ConnectionError };
        var status = protocol is null ? $"BROKEN {(error as HttpRequestException)?.HttpRequestError}" : $"RESET {protocol.ErrorCode}";
        return new Answer(status, isWrong, Text: $"{error.Message} {error.InnerException?.Message}");
    }
}
