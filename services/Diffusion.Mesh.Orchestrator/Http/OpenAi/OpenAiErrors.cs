using Diffusion.Mesh.V1;
using Microsoft.AspNetCore.Http;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Errors as OpenAI's clients read them.</summary>
internal static class OpenAiErrors
{
    /// <summary>What is wrong with a field that a call does not have.</summary>
    public const string NoSuchField = "There is no such field.";

    // What workers find wrong with pictures; what is wrong before has OpenAI's names already.
    private static readonly string[] Files = ["source.image", "source.mask", "image_prompt.image"];

    private static readonly (string Ours, string Theirs)[] Names =
    [
        ("count", "n"), ("width", "size"), ("height", "size"), ("schedule.", ""), ("sampler.name", "sampler"), ("image_options.format", "output_format"),
        ("image_options.quality", "output_compression"), ("source.mask", "mask"), ("source", "image"), ("image_prompt", "image"), ("previews", "partial_images"),
        ("request_id", "Idempotency-Key"), ("composite", "mask"),
    ];

    /// <summary><c>{"error": {"message", "type", "param", "code"}}</c>.</summary>
    public static ErrorForm Form { get; } = new("application/json", Body, Translate);

    /// <summary>An error as an event of a stream.</summary>
    public static OpenAiErrorAnswer Event(ApiProblem problem) => Body(Translate(problem)) with { Type = "error" };

    /// <summary>The name that a field of a <see cref="GenerateRequest"/> has in OpenAI's API.</summary>
    public static FieldProblem Rename(FieldProblem problem)
    {
        foreach (var (ours, theirs) in Names)
        {
            if (problem.Field == ours || problem.Field.StartsWith($"{ours.TrimEnd('.')}.", StringComparison.Ordinal))
                return problem with { Field = theirs.Length > 0 ? theirs : problem.Field[ours.Length..] };
        }

        return problem;
    }

    private static ApiProblem Translate(ApiProblem problem)
    {
        if (problem.Errors is not { Count: > 0 } errors)
            return problem;
        var status = errors.All(e => Files.Contains(e.Field)) ? StatusCodes.Status422UnprocessableEntity
            : errors.Any(IsUnknownModel) ? StatusCodes.Status404NotFound
            : problem.Status;
        FieldProblem[] renamed = [.. errors.Select(Rename).Distinct()];
        return problem with { Status = status, Detail = string.Join(" ", renamed.Select(e => $"{e.Field}: {e.Description}")), Errors = renamed };
    }

    private static OpenAiErrorAnswer Body(ApiProblem problem) =>
        new(new OpenAiError(problem.Detail, TypeOf(problem.Status), First(problem)?.Field, CodeOf(problem)));

    // Of several the one that the status is about.
    private static FieldProblem? First(ApiProblem problem) =>
        problem.Status == StatusCodes.Status404NotFound ? problem.Errors?.FirstOrDefault(IsUnknownModel) : problem.Errors?[0];

    private static string TypeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "authentication_error",
        StatusCodes.Status403Forbidden => "permission_error",
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        >= StatusCodes.Status500InternalServerError => "server_error",
        _ => "invalid_request_error",
    };

    private static string CodeOf(ApiProblem problem) => problem.Status switch
    {
        StatusCodes.Status401Unauthorized => "invalid_api_key",
        StatusCodes.Status404NotFound when problem.Errors is not null => "model_not_found",
        StatusCodes.Status409Conflict => "idempotency_conflict",
        StatusCodes.Status422UnprocessableEntity => "invalid_image",
        StatusCodes.Status429TooManyRequests => "rate_limit_exceeded",
        StatusCodes.Status400BadRequest when problem.Errors is [{ Description: NoSuchField }, ..] => "unknown_parameter",
        StatusCodes.Status400BadRequest when problem.Errors is not null => "invalid_value",
        // gRPC's name says more than nothing.
        _ => problem.Code.ToLowerInvariant(),
    };

    private static bool IsUnknownModel(FieldProblem problem) =>
        problem.Field == "model" && problem.Description.StartsWith(RequestParser.NoSuchModel, StringComparison.Ordinal);
}
