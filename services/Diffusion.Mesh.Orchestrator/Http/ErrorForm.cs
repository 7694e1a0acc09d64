namespace Diffusion.Mesh.Orchestrator;

/// <summary>How the clients of an API read errors.</summary>
/// <param name="MediaType">Of the body.</param>
/// <param name="Body">What is written as JSON.</param>
/// <param name="Translate">An error in the terms of the API: its names of fields, its statuses. Null: as it is.</param>
internal sealed record ErrorForm(string MediaType, Func<ApiProblem, object> Body, Func<ApiProblem, ApiProblem>? Translate = null)
{
    /// <summary>Problem details (RFC 9457).</summary>
    public static ErrorForm Problem { get; } = new("application/problem+json", problem => problem);
}
