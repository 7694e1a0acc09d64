namespace Diffusion.Mesh.Hosting;

/// <summary>Whether prompts stand in spans: an operator's choice, by OpenTelemetry's variable. Without it they stand nowhere.</summary>
/// <param name="IsOn">True where the operator asked for it.</param>
public sealed record ContentCapture(bool IsOn)
{
    private const string Variable = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

    /// <param name="variable">Value of an environment variable; null: not set.</param>
    public static ContentCapture From(Func<string, string?> variable) => new(bool.TryParse(variable(Variable), out var isOn) && isOn);
}
