using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The console's files, which are part of the program: a page at <c>/</c>, and what it loads below <c>/console/</c>.</summary>
internal sealed class ConsoleFiles
{
    private const string Prefix = "console/";
    private const string Page = "index.html";

    private readonly byte[] _bytes;
    private readonly string _type;
    private readonly string _tag;

    private ConsoleFiles(string name, byte[] bytes)
    {
        _bytes = bytes;
        _tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes)[..16])}\"";
        _type = Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => "application/octet-stream",
        };
    }

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var assembly = typeof(ConsoleFiles).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            var file = new ConsoleFiles(resource, Read(assembly, resource));
            endpoints.MapMethods(resource == Prefix + Page ? "/" : $"/{resource}", [HttpMethods.Get, HttpMethods.Head], file.AnswerAsync);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        (headers.ETag, headers.CacheControl) = (_tag, "no-cache");
        if (context.Request.Headers.IfNoneMatch == _tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        (context.Response.ContentType, context.Response.ContentLength) = (_type, _bytes.Length);
        if (HttpMethods.IsGet(context.Request.Method))
            await context.Response.Body.WriteAsync(_bytes, context.RequestAborted);
    }

    private static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
