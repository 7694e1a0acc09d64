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
    private const int MaxImages = 64;
    private const int MaxSide = 1 << 14;

    // A state has the latents and up to three history tensors of the same size, and is one message.
    private static readonly long s_maxNumbers = MessageLimits.Largest / sizeof(float) / 4;

    /// <exception cref="ServiceException">The model is not here, or the state is of another kind.</exception>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT with every wrong field.</exception>
    public ValidDenoiseJob Parse(DenoiseJob job)
    {
        var (model, unet) = models.Get(job.Model, job.ModelRevision);
        var problems = new List<FieldProblem>();
        var seed = job.State?.Noise ?? job.Noise;
        var images = (int)Math.Min(seed?.Images ?? 0, MaxImages + 1);
        CheckStart(job, images, problems);
        CheckShape(job, model, unet, problems);
        if (problems.Count == 0)
            CheckNumbers(job, model, images, problems);
        var choice = SamplingMessages.Choice(job.Schedule, job.Sampler);
        problems.AddRange(SamplingMessages.Check(model.Scheduler, choice).Select(p => p with { Field = $"job.{p.Field}" }));
        var guidance = ValidGuidance.Read(job.Guidance, problems);
        var positive = ConditioningReader.Read(job.Positive, "job.positive", unet, images, problems);
        var negative = job.Negative is null ? null : ConditioningReader.Read(job.Negative, "job.negative", unet, images, problems);
        int[] shape = [images, model.LatentChannels, (int)job.LatentHeight, (int)job.LatentWidth];
        var source = SourceReader.Read(job, model, [1, .. shape.Skip(1)], problems);
        ThrowIfAny(problems);

        var sampler = Samplers.Create(model.Scheduler, choice);
        if (source is not null && sampler.StartForStrength(source.Strength) >= sampler.Evaluations.Count)
            problems.Add(new("job.source.strength", $"Of {choice.Steps} steps it leaves none to run."));
        ThrowIfAny(problems);

        var start = RunStart.Draw(seed!.Seed, sampler, model, shape, source);
        var state = job.State is { } message ? StateMessages.Read(message, model, options.Provider, sampler, shape, start) : start.State;
        // Without conditioning the unguided row is the guided one.
        var isGuided = guidance.Scale > 1 && unet.ConditioningInputs.Count > 0;
        return new ValidDenoiseJob(
            job.JobId, job.Epoch, job.Deadline?.ToDateTimeOffset(), job.Priority, model, unet, sampler, shape, positive, isGuided ? negative : null, guidance,
            state, start.Noise, start.Known, start.ExtraChannels, seed.Seed, job.StateEvery, job.PreviewEvery, Warnings(unet, sampler, state));
    }

    private static void CheckStart(DenoiseJob job, int images, List<FieldProblem> problems)
    {
        if (job.JobId.Length is 0 or > 128)
            problems.Add(new("job.job_id", "It must have 1 to 128 characters."));
        if (job.Deadline is { } deadline && !IsTime(deadline))
            problems.Add(new("job.deadline", "It must be a time of the years 1 to 9999."));
        if (job.State is null && job.Noise is null)
            problems.Add(new("job.start", "Either noise or state must be set."));
        else if (images is < 1 or > MaxImages)
            problems.Add(new(job.State is null ? "job.noise.images" : "job.state.noise.images", $"It must be 1 to {MaxImages}."));
        if (job.Noise is { NumbersDrawn: > 0 })
            problems.Add(new("job.noise.numbers_drawn", "It must be 0: a run draws from the beginning of its stream."));
    }

    private static void CheckShape(DenoiseJob job, ModelFacts model, UnetModel unet, List<FieldProblem> problems)
    {
        CheckSide("job.latent_height", job.LatentHeight, unet.SampleInput.Dimensions[2]);
        CheckSide("job.latent_width", job.LatentWidth, unet.SampleInput.Dimensions[3]);
        var channels = model.LatentChannels;
        if (!model.TakesLatentsOnly() && !model.TakesMask())
        {
            problems.Add(new(
                "job.model", $"The UNet takes {model.Unet.InChannels} channels: neither latents ({channels}) nor latents, mask and masked picture."));
        }
        else if (model.Unet.OutChannels != channels)
            problems.Add(new("job.model", $"The UNet gives {model.Unet.OutChannels} channels, and the latents have {channels}."));

        void CheckSide(string field, uint side, int only)
        {
            var multiple = model.SizeMultiple / model.Scale;
            if (side == 0 || side % multiple != 0 || side > MaxSide)
                problems.Add(new(field, $"It must be a multiple of {multiple}, from {multiple} to {MaxSide}."));
            else if (only > 0 && side != only)
                problems.Add(new(field, $"It must be {only}: the UNet's file takes no other size."));
        }
    }

    private static void CheckNumbers(DenoiseJob job, ModelFacts model, int images, List<FieldProblem> problems)
    {
        var numbers = (long)images * model.LatentChannels * job.LatentHeight * job.LatentWidth;
        if (numbers > s_maxNumbers)
            problems.Add(new("job.latent_width", $"All latents together must be at most {s_maxNumbers} numbers, and are {numbers}."));
    }

    private static bool IsTime(Timestamp time) =>
        time.Nanos is >= 0 and < 1_000_000_000
        && time.Seconds >= DateTimeOffset.MinValue.ToUnixTimeSeconds() && time.Seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private static string[] Warnings(UnetModel unet, ISampler sampler, Sampling.SamplerState state) =>
        unet.HasIntegerTimestep && sampler.Evaluations.Skip(state.Start).Any(e => e.Timestep != Math.Round(e.Timestep))
            ? ["The UNet takes whole timesteps only: fractional ones were rounded to the nearest."]
            : [];

    private static void ThrowIfAny(List<FieldProblem> problems)
    {
        if (problems.Count > 0)
            throw RichErrors.BadRequest(problems);
    }
}
