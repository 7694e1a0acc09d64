using System.Text.Json.Nodes;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What is to be said of an endpoint.</summary>
/// <param name="Path">As it is mapped.</param>
/// <param name="Summary">In a few words.</param>
internal sealed record ApiOperation(string Method, string Path, string Summary)
{
    /// <summary>What else there is to know.</summary>
    public string Description { get; init; } = "";

    /// <summary>Query parameters: name, type and what they are.</summary>
    public IReadOnlyList<(string Name, string Type, string Description)> Query { get; init; } = [];

    /// <summary>The body of a request; null: it has none.</summary>
    public Func<ApiSchemas, JsonNode>? Request { get; init; }

    /// <summary>The body's type.</summary>
    public string RequestType { get; init; } = "application/json";

    /// <summary>The status of a good answer.</summary>
    public int Status { get; init; } = 200;

    /// <summary>The body of a good answer; null: no JSON.</summary>
    public Func<ApiSchemas, JsonNode>? Answer { get; init; }

    /// <summary>The types that a good answer's body can have; none: it has none.</summary>
    public IReadOnlyList<string> AnswerTypes { get; init; } = ["application/json"];

    /// <summary>Names it in paths, tests and links: the method and the path.</summary>
    public string Id => $"{Method} {Path}";
}

/// <summary>An API: what its clients call, and how it tells errors.</summary>
/// <param name="Name">Stands above its operations.</param>
/// <param name="Error">The body of an error.</param>
/// <param name="ErrorType">Its type.</param>
/// <param name="Schemes">How keys come, by the names of the document's security schemes.</param>
internal sealed record ApiGroup(
    string Name, string Description, Func<ApiSchemas, JsonNode> Error, string ErrorType, IReadOnlyList<string> Schemes, IReadOnlyList<ApiOperation> Operations);
