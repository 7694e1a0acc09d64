using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Diffusion.Mesh.Hosting;

/// <summary>
/// Calls whose request cannot be read end with INVALID_ARGUMENT. gRPC itself has INTERNAL or UNKNOWN for them, which are for a server's own faults: whoever watches these
/// would be woken by any client that sends rubbish.
/// </summary>
internal static class UnreadableCalls
{
    private const string Status = "grpc-status";
    private const string Message = "grpc-message";

    private static readonly object Begun = new();

    private static readonly string[] Faults = [Code(StatusCode.Internal), Code(StatusCode.Unknown)];

    /// <summary>Looks at what calls came to that no method ever saw.</summary>
    public static void Use(WebApplication app) => app.Use(async (context, next) =>
    {
        await next(context);
        var headers = context.Response.Headers;
        if (context.Items.ContainsKey(Begun) || context.Response.HasStarted || !Faults.Contains(headers[Status].ToString()))
            return;
        headers[Status] = Code(StatusCode.InvalidArgument);
        headers[Message] = "The request cannot be read: it is no gRPC message of this method.";
    });

    /// <summary>A method is under way: from now on what goes wrong is its own affair.</summary>
    public static void Begin(HttpContext context) => context.Items[Begun] = true;

    private static string Code(StatusCode code) => ((int)code).ToString(CultureInfo.InvariantCulture);
}
