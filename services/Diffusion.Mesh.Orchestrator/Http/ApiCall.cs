using Diffusion.Mesh.Identity;
using Microsoft.AspNetCore.Http;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>A call over HTTP that was let in.</summary>
/// <param name="Caller">Who makes it.</param>
/// <param name="Cancellation">Cancelled when the caller leaves, and, but for streams, when it takes too long.</param>
internal sealed record ApiCall(HttpContext Context, Caller Caller, CancellationToken Cancellation)
{
    public HttpRequest Request => Context.Request;

    public HttpResponse Response => Context.Response;

    /// <summary>A part of the path, by its name in the route.</summary>
    public string Route(string name) => (string?)Request.RouteValues[name] ?? "";

    /// <summary>The first value of a query parameter; empty where there is none.</summary>
    public string Query(string name) => Request.Query[name] is [{ } value, ..] ? value : "";
}

/// <summary>What kind of call an endpoint takes.</summary>
[Flags]
internal enum ApiKind
{
    /// <summary>It only reads.</summary>
    Read = 0,

    /// <summary>It changes something.</summary>
    Change = 1,

    /// <summary>It lasts as long as the caller listens.</summary>
    Stream = 2,

    /// <summary>It is for operators.</summary>
    Operator = 4,

    /// <summary>It asks for a job.</summary>
    Submit = Change | 8,

    /// <summary>Its body is a form with files, multipart/form-data.</summary>
    Form = 16,

    /// <summary>It has no body, or one that is not looked at.</summary>
    NoBody = 32,

    /// <summary>A key may also come as the password of HTTP's basic authentication, which is all that some clients have.</summary>
    Basic = 64,

    /// <summary>Anybody may make it, from any page: its address proves the right to.</summary>
    Signed = 128,
}
