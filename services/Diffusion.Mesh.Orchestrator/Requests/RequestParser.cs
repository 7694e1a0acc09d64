using System.Buffers.Binary;
using System.Security.Cryptography;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Sampling;
using Diffusion.Mesh.V1;
using Guidance = Diffusion.Mesh.V1.Guidance;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Parses a request, and reports everything wrong with it at once.</summary>
internal sealed class RequestParser(ModelRepository models, ServiceOptions options)
{
    /// <summary>How the problem of a model that is not there begins.</summary>
    public const string NoSuchModel = "There is no such model";

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT with every wrong field.</exception>
    public ValidRequest Parse(GenerateRequest request)
    {
        var problems = new List<FieldProblem>(RequestRanges.Problems(request));
        var model = FindModel(request.Model, problems);
        var schedule = request.Schedule?.Clone() ?? new Schedule();
        if (!schedule.HasSteps && model is not null)
            schedule.Steps = model.Defaults.Steps;
        var choice = SamplingMessages.Choice(schedule, request.Sampler);
        if (choice.Sampler is { } name && !Samplers.IsKnown(name))
            problems.Add(new("sampler.name", $"There is no sampler '{name}'; there is {string.Join(", ", Samplers.Names)}."));
        else if (model is not null)
            problems.AddRange(SamplingMessages.Check(model.Scheduler, choice).Where(p => problems.All(known => known.Field != p.Field)));
        if (model is not null)
            problems.AddRange(ModelFit.Problems(request, model, options));

        var sampler = problems.Count == 0 ? Samplers.Create(model!.Scheduler, choice) : null;
        var source = request.Source is null ? null : Source(request);
        if (sampler is not null && source is not null && sampler.StartForStrength(source.Strength) >= sampler.Evaluations.Count)
            problems.Add(new("strength", $"A strength of {source.Strength} leaves none of the {schedule.Steps} steps."));
        return problems.Count > 0
            ? throw RichErrors.BadRequest(problems)
            : Valid(request, model!, schedule, sampler!, source);
    }

    private static ValidRequest Valid(GenerateRequest request, ModelFacts model, Schedule schedule, ISampler sampler, RequestedSource? source) => new(
        request.RequestId,
        model,
        request.Prompt,
        request.NegativePrompt,
        request.TextOptions ?? new TextOptions(),
        request.HasWidth ? request.Width : source is null ? model.DefaultSize : 0,
        request.HasHeight ? request.Height : source is null ? model.DefaultSize : 0,
        request.HasCount ? request.Count : 1,
        request.HasCandidates ? request.Candidates : null,
        request.HasSeed ? request.Seed : DrawSeed(),
        new Guidance
        {
            Scale = request.HasGuidanceScale ? request.GuidanceScale : model.Defaults.GuidanceScale,
            Rescale = request.GuidanceRescale,
            IntervalStart = request.GuidanceStart,
            IntervalEnd = request.HasGuidanceEnd ? request.GuidanceEnd : 1,
        },
        sampler,
        schedule,
        request.Sampler ?? new Sampler(),
        source,
        request.ImagePrompt,
        request.Conditioning,
        request.Previews,
        request.ImageOptions ?? new ImageOptions(),
        request.OmitMetadata,
        request.OnDisconnect == OnDisconnect.Detach,
        request.Priority);

    // The defaults of diffusers' pipelines.
    private static RequestedSource Source(GenerateRequest request) => new(
        request.Source,
        request.HasStrength ? request.Strength : RequestedSource.HasMaskIn(request.Source) ? 1 : 0.8,
        request.Composite);

    private ModelFacts? FindModel(string name, List<FieldProblem> problems)
    {
        var names = models.Models.Select(m => m.Name).ToArray();
        var model = name.Length > 0 ? models.Find(name) : names.Length == 1 ? models.Find(names[0]) : null;
        if (model is null)
        {
            problems.Add(new("model", name.Length > 0
                ? $"{NoSuchModel}; there is {string.Join(", ", names)}."
                : $"One must be named; there is {string.Join(", ", names)}."));
        }

        return model;
    }

    // Below 2^32: PyTorch's generator uses no more.
    private static ulong DrawSeed()
    {
        Span<byte> bytes = stackalloc byte[4];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}
