using System.Diagnostics;
using System.Text.Json;
using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>A request's words as OpenTelemetry's GenAI conventions have messages. Pictures are left out.</summary>
internal static class RequestContent
{
    public static void Describe(Activity? span, ValidRequest request)
    {
        span?.SetTag(TelemetryNames.InputMessages, Message(request.Prompt));
        if (request.NegativePrompt.Length > 0)
            span?.SetTag(TelemetryNames.NegativePrompt, request.NegativePrompt);
    }

    private static string Message(string prompt) =>
        JsonSerializer.Serialize(new[] { new { role = "user", parts = new[] { new { type = "text", content = prompt } } } });
}
