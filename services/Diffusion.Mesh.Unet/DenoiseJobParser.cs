using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Sampling;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;
using Google.Protobuf.WellKnownTypes;

namespace Diffusion.Mesh.Unet;

/// <summary>Parses a job against the model that it names, and reports everything wrong at once.</summary>
internal sealed class DenoiseJobParser(ModelHost<UnetModel> models, ServiceOptions options)
{
    private const int MaxImages = 16;
    private const int MaxSide = 1 << 14;

    // A state has the latents and up to three history tensors of the same size, and is one message.
    private static readonly long s_maxNumbers = MessageLimits.Largest / sizeof(float) / 4;

    /// <exception cref="ServiceException">The model is not here, or the state is of another kind.</exception>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT with every wrong field.</exception>
    public ValidDenoiseJob Parse(DenoiseJob job)
    {
        var (model, unet) = models.Get(job.Model, job.ModelRevision);
        var problems = new List<FieldProblem>();
        var noise = job.State?.Noise ?? job.Noise;
        var images = (int)Math.Min(noise?.Images ?? 0, int.MaxValue);
        CheckStart(job, noise, images, problems);
        CheckShape(job, model, problems);
        if (problems.Count == 0)
            CheckNumbers(job, model, images, problems);
        var choice = SamplingMessages.Choice(job.Schedule, job.Sampler);
        problems.AddRange(SamplingMessages.Check(model.Scheduler, choice).Select(p => p with { Field = $"job.{p.Field}" }));
        var positive = Conditioning(job.Positive, "job.positive", unet, images, problems);
        var negative = job.Negative is null ? null : Conditioning(job.Negative, "job.negative", unet, images, problems);
        var scale = job.Guidance?.Scale ?? 1;
        if (!double.IsFinite(scale))
            problems.Add(new("job.guidance.scale", "It must be a finite number."));
        if (problems.Count > 0)
            throw RichErrors.BadRequest(problems);

        var sampler = Samplers.Create(model.Scheduler, choice);
        int[] shape = [images, model.Vae.LatentChannels, (int)job.LatentHeight, (int)job.LatentWidth];
        var (state, stream) = job.State is { } message
            ? StateMessages.Read(message, model, options.Provider, sampler, shape)
            : Begin(sampler, shape, job.Noise);
        return new ValidDenoiseJob(
            job.JobId, job.Epoch, job.Deadline?.ToDateTimeOffset(), model, unet, sampler, shape, positive,
            scale > 1 ? negative : null, scale, state, stream, noise!.Seed, job.StateEvery, Warnings(unet, sampler));
    }

    private static void CheckStart(DenoiseJob job, V1.NoiseStream? noise, int images, List<FieldProblem> problems)
    {
        if (job.JobId.Length is 0 or > 128)
            problems.Add(new("job.job_id", "It must have 1 to 128 characters."));
        if (job.Deadline is { } deadline && !IsTime(deadline))
            problems.Add(new("job.deadline", "It must be a time of the years 1 to 9999."));
        if (noise is null)
            problems.Add(new("job.start", "Either noise or state must be set."));
        else if (images is < 1 or > MaxImages)
            problems.Add(new("job.noise.images", $"It must be 1 to {MaxImages}."));
    }

    private static void CheckShape(DenoiseJob job, ModelFacts model, List<FieldProblem> problems)
    {
        var multiple = model.SizeMultiple / model.Vae.Scale;
        foreach (var (field, side) in new[] { ("job.latent_height", job.LatentHeight), ("job.latent_width", job.LatentWidth) })
        {
            if (side == 0 || side % multiple != 0 || side > MaxSide)
                problems.Add(new(field, $"It must be a multiple of {multiple}, from {multiple} to {MaxSide}."));
        }

        if (model.Unet.InChannels != model.Vae.LatentChannels)
            problems.Add(new("job.model", $"The UNet takes {model.Unet.InChannels} channels, and the latents have {model.Vae.LatentChannels}."));
    }

    private static void CheckNumbers(DenoiseJob job, ModelFacts model, int images, List<FieldProblem> problems)
    {
        var draw = (long)images * model.Vae.LatentChannels * job.LatentHeight * job.LatentWidth;
        if (draw > s_maxNumbers)
            problems.Add(new("job.latent_width", $"All latents together must be at most {s_maxNumbers} numbers, and are {draw}."));
        // The posterior of the VAE encoder is the one draw that comes before the start.
        else if (job.Noise is { } noise && noise.NumbersDrawn != 0 && noise.NumbersDrawn != (ulong)draw)
            problems.Add(new("job.noise.numbers_drawn", $"It must be 0, or {draw} after the draw of an input picture."));
    }

    private static bool IsTime(Timestamp time) =>
        time.Nanos is >= 0 and < 1_000_000_000
        && time.Seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && time.Seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private static (Sampling.SamplerState, Sampling.NoiseStream) Begin(ISampler sampler, int[] shape, V1.NoiseStream noise)
    {
        var latents = new float[shape.Aggregate(1, (a, b) => a * b)];
        var stream = Sampling.NoiseStream.Resume(noise.Seed, noise.NumbersDrawn, latents.Length);
        stream.Draw(latents);
        var scale = (float)sampler.InitialNoiseSigma;
        foreach (ref var value in latents.AsSpan())
            value *= scale;
        return (sampler.Begin(latents), stream);
    }

    private static Dictionary<string, TensorData>[] Conditioning(
        Conditioning? message, string field, UnetModel unet, int images, List<FieldProblem> problems)
    {
        var tensors = new Dictionary<string, TensorData>();
        foreach (var named in message?.Tensors ?? [])
        {
            var path = $"{field}.{named.Name}";
            if (!unet.ConditioningInputs.TryGetValue(named.Name, out var port))
                problems.Add(new(path, $"The UNet has no such input; it has {string.Join(", ", unet.ConditioningInputs.Keys)}."));
            else if (TensorMessages.Read(named.Tensor, out var problem) is not { } tensor)
                problems.Add(new(path, problem!));
            else if (tensor.Shape.Count == 0 || (tensor.Shape[0] != 1 && tensor.Shape[0] != images))
                problems.Add(new(path, "The first dimension must be 1 or the number of pictures."));
            else if (!port.Accepts(port.Type, [images, .. tensor.Shape.Skip(1)]))
                problems.Add(new(path, $"The UNet takes {port}, and the shape is [{string.Join(", ", tensor.Shape)}]."));
            else if (!tensors.TryAdd(named.Name, tensor.Type == port.Type ? tensor : TensorData.From(tensor.ToFloats(), tensor.Shape, port.Type)))
                problems.Add(new(path, "It is given twice."));
        }

        foreach (var missing in unet.ConditioningInputs.Keys.Except(message?.Tensors.Select(t => t.Name) ?? []))
            problems.Add(new($"{field}.{missing}", "The UNet needs it."));
        return [.. Enumerable.Range(0, Math.Clamp(images, 0, MaxImages)).Select(i =>
            tensors.ToDictionary(t => t.Key, t => t.Value.Shape[0] == 1 ? t.Value : t.Value.Row(i)))];
    }

    private static string[] Warnings(UnetModel unet, ISampler sampler) =>
        unet.HasIntegerTimestep && sampler.Evaluations.Any(e => e.Timestep != Math.Round(e.Timestep))
            ? ["The UNet takes whole timesteps only: fractional ones were rounded to the nearest."]
            : [];
}
