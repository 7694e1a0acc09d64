using System.Text;
using Diffusion.Mesh.V1;
using Google.Protobuf;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Reads multipart/form-data in memory, within bounds: nothing is written to disk.</summary>
internal static class FormReader
{
    /// <summary>The largest file in bytes, as over gRPC.</summary>
    public const int MaxFile = 32 << 20;

    private const int MaxText = 64 << 10;
    private const int MaxFields = 64;
    private const int MaxHeaders = 8;
    private const int MaxHeaderBytes = 4 << 10;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The fields in their order; a name may be there more than once.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: it is no such form, or something in it is too large.</exception>
    public static async Task<IReadOnlyList<(string Name, FieldValue Value)>> ReadAsync(HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            return await ReadAsync(Boundary(request), request.Body, cancellation);
        }
        catch (InvalidDataException)
        {
            throw Wrong("body", "It is no form, or has more headers than a form's parts need.");
        }
        catch (IOException e) when (e is not (BadHttpRequestException or ConnectionResetException))
        {
            throw Wrong("body", "The form ends too early.");
        }
    }

    private static async Task<IReadOnlyList<(string Name, FieldValue Value)>> ReadAsync(string boundary, Stream body, CancellationToken cancellation)
    {
        var reader = new MultipartReader(boundary, body) { HeadersCountLimit = MaxHeaders, HeadersLengthLimit = MaxHeaderBytes };
        var fields = new List<(string, FieldValue)>();
        while (await reader.ReadNextSectionAsync(cancellation) is { } section)
        {
            if (fields.Count == MaxFields)
                throw Wrong("body", $"A form has at most {MaxFields} fields.");
            if (section.GetContentDispositionHeader() is not { } disposition || HeaderUtilities.RemoveQuotes(disposition.Name) is not { Length: > 0 } name)
                throw Wrong("body", "A part of the form has no name.");
            var isFile = disposition.FileName.HasValue || disposition.FileNameStar.HasValue;
            var bytes = await ReadAsync($"{name}", section.Body, isFile ? MaxFile : MaxText, cancellation);
            fields.Add(($"{name}", isFile ? new FieldValue(UnsafeByteOperations.UnsafeWrap(bytes)) : new FieldValue(Text($"{name}", bytes))));
        }

        return fields;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(string name, Stream part, int most, CancellationToken cancellation)
    {
        using var file = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (await part.ReadAsync(buffer, cancellation) is > 0 and var count)
        {
            if (file.Length + count > most)
                throw Wrong(name, $"It must have at most {most} bytes.");
            file.Write(buffer, 0, count);
        }

        return file.GetBuffer().AsMemory(0, (int)file.Length);
    }

    private static string Text(string name, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return Utf8.GetString(bytes.Span);
        }
        catch (DecoderFallbackException)
        {
            throw Wrong(name, "It must be UTF-8.");
        }
    }

    private static string Boundary(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && HeaderUtilities.RemoveQuotes(type.Boundary) is { Length: > 0 and <= 70 } boundary
            ? $"{boundary}"
            : throw Wrong("body", "Its Content-Type must have a boundary of 1 to 70 characters.");

    private static Grpc.Core.RpcException Wrong(string field, string description) => RichErrors.BadRequest([new(field, description)]);
}
