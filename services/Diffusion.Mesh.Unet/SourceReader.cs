using Diffusion.Mesh.Models;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;

namespace Diffusion.Mesh.Unet;

/// <summary>Reads the picture that a job starts from, and what of it is painted anew.</summary>
internal static class SourceReader
{
    // What diffusers clamps a log-variance to.
    private const float LeastLogVariance = -30;
    private const float MostLogVariance = 20;

    /// <param name="shape">One picture's latents: 1, channels, height and width.</param>
    /// <returns>The source, or null where the job has none or it is wrong.</returns>
    public static ValidSource? Read(DenoiseJob job, ModelFacts model, IReadOnlyList<int> shape, List<FieldProblem> problems)
    {
        var takesMask = model.TakesMask();
        var inpainting = job.Inpainting is { } message ? Inpainting(message, shape, takesMask, problems) : null;
        if (takesMask && job.Inpainting is null)
            problems.Add(new("job.inpainting", "The UNet is one for inpainting: it needs a mask and a masked picture."));
        if (job.Source is not { } source)
        {
            if (job.Inpainting is not null)
                problems.Add(new("job.inpainting", "It needs job.source."));
            return null;
        }

        if (!(source.Strength > 0 && source.Strength <= 1))
            problems.Add(new("job.source.strength", "It must be above 0, to 1."));
        var latents = Posterior(source.Latents, "job.source.latents", shape, problems);
        return latents is null ? null : new ValidSource(latents, source.Strength, inpainting);
    }

    private static ValidInpainting? Inpainting(Inpainting message, IReadOnlyList<int> shape, bool takesMask, List<FieldProblem> problems)
    {
        var masked = message.Masked is not null || takesMask ? Posterior(message.Masked, "job.inpainting.masked", shape, problems) : null;
        var mask = Numbers(message.Mask, "job.inpainting.mask", [1, 1, .. shape.Skip(2)], 0, 1, problems);
        return mask is null ? null : new ValidInpainting(mask, masked);
    }

    private static LatentPosterior? Posterior(LatentDistribution? message, string field, IReadOnlyList<int> shape, List<FieldProblem> problems)
    {
        var mean = Numbers(message?.Mean, $"{field}.mean", shape, float.MinValue, float.MaxValue, problems);
        if (message?.LogVariance is null)
            return mean is null ? null : new LatentPosterior(mean, null);
        var deviation = Numbers(message.LogVariance, $"{field}.log_variance", shape, LeastLogVariance, MostLogVariance, problems);
        if (mean is null || deviation is null)
            return null;
        foreach (ref var value in deviation.AsSpan())
            value = MathF.Exp(0.5f * value);
        return new LatentPosterior(mean, deviation);
    }

    private static float[]? Numbers(Tensor? message, string field, IReadOnlyList<int> shape, float least, float most, List<FieldProblem> problems)
    {
        var tensor = TensorMessages.Read(message, out var problem);
        if (tensor is not null && (message!.Dtype != DataType.Float32 || !tensor.Shape.SequenceEqual(shape)))
            problem = $"It must be FLOAT32 of shape [{string.Join(", ", shape)}].";
        if (problem is null)
        {
            var values = tensor!.ToFloats();
            // Not a number fails every comparison.
            if (Array.TrueForAll(values, value => value >= least && value <= most))
                return values;
            problem = least == float.MinValue ? "Every number must be finite." : $"Every number must be {least} to {most}.";
        }

        problems.Add(new(field, problem));
        return null;
    }
}
