using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// The console's files, which are part of the program: its page at <c>/</c>, the one that describes the API at <c>/docs</c>, and what they load below <c>/console/</c>; and
/// the API's description as OpenAPI has it. They tell nobody's secrets: no key is needed.
/// </summary>
internal sealed class ConsoleFiles
{
    private const string Prefix = "console/";
    private const string Description = "/openapi.json";

    private static readonly FrozenDictionary<string, string> Pages = new Dictionary<string, string>
    {
        ["console/index.html"] = "/",
        ["console/docs.html"] = "/docs",
    }.ToFrozenDictionary();

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
            ".json" => "application/json",
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
            Map(Pages.GetValueOrDefault(resource, $"/{resource}"), file.AnswerAsync);
        }

        // Made when somebody wants it.
        var description = new Lazy<ConsoleFiles>(() => new ConsoleFiles(Description, ApiJson.Bytes(OpenApiDocument.Create())));
        Map(Description, context => description.Value.AnswerAsync(context));

        void Map(string path, RequestDelegate answer) => endpoints.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], answer);
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
