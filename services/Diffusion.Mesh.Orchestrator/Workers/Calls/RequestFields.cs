using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What a worker finds wrong with its part, under the names that the client's request has for it.</summary>
internal static class RequestFields
{
    // The first prefix that fits is replaced.
    private static readonly (string Worker, string Request)[] TextEncoder =
    [
        ("texts", "prompt"), ("options.", "text_options."), ("image", "image_prompt.image"), ("text_weight", "image_prompt.text_weight"),
    ];

    private static readonly (string Worker, string Request)[] Unet =
    [
        ("job.positive.", "conditioning.positive."), ("job.negative.", "conditioning.negative."), ("job.source.strength", "strength"),
        ("job.source.", "source."), ("job.guidance.interval_", "guidance_"), ("job.guidance.", "guidance_"), ("job.latent_", ""), ("job.", ""),
    ];

    private static readonly (string Worker, string Request)[] Vae =
    [
        ("picture.width", "width"), ("picture.height", "height"), ("picture.", "source."), ("composite.", "source."), ("options.", "image_options."),
    ];

    public static IReadOnlyList<FieldProblem> Rename(WorkerRole role, IReadOnlyList<FieldProblem> problems)
    {
        var names = role switch
        {
            WorkerRole.TextEncoder => TextEncoder,
            WorkerRole.Unet => Unet,
            _ => Vae,
        };
        return [.. problems.Select(p => p with { Field = Rename(names, p.Field) }).Distinct()];
    }

    private static string Rename((string Worker, string Request)[] names, string field)
    {
        foreach (var (worker, request) in names)
        {
            if (field.StartsWith(worker, StringComparison.Ordinal))
                return request + field[worker.Length..];
        }

        return field;
    }
}
