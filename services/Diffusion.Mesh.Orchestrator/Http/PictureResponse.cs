namespace Diffusion.Mesh.Orchestrator;

/// <summary>Picture files as answers.</summary>
internal static class PictureResponse
{
    public static async Task WriteAsync(ApiCall call, string job, int index, ReadOnlyMemory<byte> file)
    {
        var (type, extension) = FileType(file.Span);
        call.Response.ContentType = type;
        call.Response.ContentLength = file.Length;
        call.Response.Headers.ContentDisposition = $"inline; filename=\"{job}-{index}.{extension}\"";
        await call.Response.Body.WriteAsync(file, call.Cancellation);
    }

    // By the file's first bytes: these are our own files.
    private static (string Type, string Extension) FileType(ReadOnlySpan<byte> file) => file switch
    {
        [0xff, 0xd8, ..] => ("image/jpeg", "jpg"),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..] => ("image/webp", "webp"),
        _ => ("image/png", "png"),
    };
}
