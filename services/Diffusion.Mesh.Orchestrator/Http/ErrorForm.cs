namespace Diffusion.Mesh.Orchestrator;

/// <summary>How the clients of an API read errors.</summary>
/// <param name="MediaType">Of the body.</param>
/// <param name="Body">What is written as JSON.</param>
internal sealed record ErrorForm(string MediaType, Func<ApiProblem, object> Body)
{
    /// <summary>Problem details (RFC 9457).</summary>
    public static ErrorForm Problem { get; } = new("application/problem+json", problem => problem);
}
