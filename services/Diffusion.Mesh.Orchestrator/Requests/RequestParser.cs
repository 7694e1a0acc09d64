using System.Buffers.Binary;
using System.Security.Cryptography;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Sampling;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Parses a request, and reports everything wrong with it at once.</summary>
internal sealed class RequestParser(ModelRepository models, ServiceOptions options)
{
    private const int MaxPromptLength = 10_000;
    private const int MaxCount = 16;
    private const int MaxSteps = 1000;
    private const double MaxGuidance = 50;
    private const int MaxPriority = 100;
    private const int MaxRequestId = 128;

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT with every wrong field.</exception>
    public ValidRequest Parse(GenerateRequest request)
    {
        var problems = new List<FieldProblem>(Problems(request));
        var model = FindModel(request.Model, problems);
        var schedule = request.Schedule?.Clone() ?? new Schedule();
        if (!schedule.HasSteps && model is not null)
            schedule.Steps = model.Defaults.Steps;
        var choice = SamplingMessages.Choice(schedule, request.Sampler);
        if (choice.Sampler is { } sampler && !Samplers.IsKnown(sampler))
            problems.Add(new("sampler.name", $"There is no sampler '{sampler}'; there is {string.Join(", ", Samplers.Names)}."));
        else if (model is not null)
            problems.AddRange(SamplingMessages.Check(model.Scheduler, choice).Where(p => problems.All(known => known.Field != p.Field)));
        var (width, height) = (request.HasWidth ? request.Width : model?.DefaultSize ?? 0, request.HasHeight ? request.Height : model?.DefaultSize ?? 0);
        if (model is not null)
            problems.AddRange(SizeProblems(model, width, height));
        if (problems.Count > 0)
            throw RichErrors.BadRequest(problems);

        return new ValidRequest(
            request.RequestId,
            model!,
            request.Prompt,
            request.NegativePrompt,
            width,
            height,
            request.HasCount ? request.Count : 1,
            request.HasSeed ? request.Seed : DrawSeed(),
            request.HasGuidanceScale ? request.GuidanceScale : model!.Defaults.GuidanceScale,
            Samplers.Create(model!.Scheduler, choice),
            schedule,
            request.Sampler ?? new Sampler(),
            request.ImageOptions ?? new ImageOptions(),
            request.OmitMetadata,
            request.OnDisconnect == OnDisconnect.Detach,
            request.Priority);
    }

    private static IEnumerable<FieldProblem> Problems(GenerateRequest request)
    {
        if (request.RequestId.Length > MaxRequestId || request.RequestId.Any(c => !char.IsAsciiLetterOrDigit(c) && !"._:-".Contains(c)))
            yield return new("request_id", $"It must have at most {MaxRequestId} characters, of A-Z, a-z, 0-9 and ._:- only.");
        if (request.Prompt.Length > MaxPromptLength)
            yield return new("prompt", $"It must have at most {MaxPromptLength} characters, and has {request.Prompt.Length}.");
        if (request.NegativePrompt.Length > MaxPromptLength)
            yield return new("negative_prompt", $"It must have at most {MaxPromptLength} characters, and has {request.NegativePrompt.Length}.");
        if (request.HasCount && request.Count is < 1 or > MaxCount)
            yield return new("count", $"It must be 1 to {MaxCount}, and is {request.Count}.");
        if (request.HasGuidanceScale && !(request.GuidanceScale is >= 0 and <= MaxGuidance))
            yield return new("guidance_scale", $"It must be 0 to {MaxGuidance}, and is {request.GuidanceScale}.");
        if (request.Schedule is { HasSteps: true, Steps: < 1 or > MaxSteps } schedule)
            yield return new("schedule.steps", $"It must be 1 to {MaxSteps}, and is {schedule.Steps}.");
        if (!Enum.IsDefined(request.Schedule?.Spacing ?? default))
            yield return new("schedule.spacing", "It must be LEADING, TRAILING or LINSPACE.");
        if (!Enum.IsDefined(request.Schedule?.Sigmas ?? default))
            yield return new("schedule.sigmas", "It must be DEFAULT, KARRAS, EXPONENTIAL or BETA.");
        if (!Enum.IsDefined(request.Schedule?.FinalSigma ?? default))
            yield return new("schedule.final_sigma", "It must be ZERO or SIGMA_MIN.");
        if (request.Sampler is { HasEta: true } sampler && !(sampler.Eta is >= 0 and <= 1))
            yield return new("sampler.eta", $"It must be 0 to 1, and is {sampler.Eta}.");
        if (!Enum.IsDefined(request.OnDisconnect))
            yield return new("on_disconnect", "It must be CANCEL or DETACH.");
        if (request.Priority is < -MaxPriority or > MaxPriority)
            yield return new("priority", $"It must be -{MaxPriority} to {MaxPriority}, and is {request.Priority}.");
        foreach (var problem in ImageOptionsCheck.Problems(request.ImageOptions ?? new ImageOptions(), "image_options"))
            yield return problem;
    }

    private ModelFacts? FindModel(string name, List<FieldProblem> problems)
    {
        var names = models.Models.Select(m => m.Name).ToArray();
        var model = name.Length > 0 ? models.Find(name) : names.Length == 1 ? models.Find(names[0]) : null;
        if (model is null)
        {
            problems.Add(new("model", name.Length > 0
                ? $"There is no such model; there is {string.Join(", ", names)}."
                : $"One must be named; there is {string.Join(", ", names)}."));
        }

        return model;
    }

    private IEnumerable<FieldProblem> SizeProblems(ModelFacts model, int width, int height)
    {
        FieldProblem[] sides = [.. SideProblems(model, "width", width), .. SideProblems(model, "height", height)];
        return sides.Length > 0 || (long)width * height <= options.MaxPixels
            ? sides
            : [new("width", $"Width times height must be at most {options.MaxPixels}, and is {(long)width * height}.")];
    }

    private IEnumerable<FieldProblem> SideProblems(ModelFacts model, string field, int side)
    {
        if (side < model.SizeMultiple || side % model.SizeMultiple != 0)
            yield return new(field, $"It must be a multiple of {model.SizeMultiple} for model '{model.Name}', and is {side}.");
        else if (side > options.MaxSide)
            yield return new(field, $"It must be at most {options.MaxSide}, and is {side}.");
    }

    // Below 2^32: PyTorch's generator uses no more.
    private static ulong DrawSeed()
    {
        Span<byte> bytes = stackalloc byte[4];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}
