using System.Text.Json.Serialization;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Sampling;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What can be chosen. Lists of what this server does not have are empty, so that clients that ask for them at their start go on.</summary>
internal sealed class WebUiListsApi(WebUiModels models)
{
    private static readonly SamplingChoice AnySteps = new() { Steps = 20 };

    public Task ModelsAsync(ApiCall call) => ApiJson.WriteAsync(call, models.Of(call.Caller).Select(m => new WebUiModel(m.Name, m.Name, WebUiInfo.ShortHash(m.Revision), null, m.Name, null)));

    /// <summary>Those that fit at least one of the models.</summary>
    public Task SamplersAsync(ApiCall call)
    {
        var all = models.Of(call.Caller);
        return ApiJson.WriteAsync(call, WebUiSamplers.All.Where(s => all.Any(m => Fits(m, s))).Select(s => new WebUiSamplerItem(s.Label, s.Aliases, new object())));
    }

    public Task SchedulersAsync(ApiCall call) =>
        ApiJson.WriteAsync(call, WebUiSamplers.Schedules.Select(s => new WebUiScheduler(s.Name, s.Label, null, -1, NeedInnerModel: false)));

    // SillyTavern puts others behind the first one, which is none.
    public Task UpscalersAsync(ApiCall call) => ApiJson.WriteAsync(call, (WebUiUpscaler[])[new("None", null, null, null, 1)]);

    public Task ScriptsAsync(ApiCall call) => ApiJson.WriteAsync(call, new WebUiScripts([], []));

    public Task NoneAsync(ApiCall call) => ApiJson.WriteAsync(call, Array.Empty<object>());

    private static bool Fits(ModelFacts model, WebUiSampler sampler) => Samplers.Check(model.Scheduler, AnySteps with { Sampler = sampler.Name }).Count == 0;
}

/// <param name="Title">What clients send back to choose it; the name, too.</param>
/// <param name="Hash">The beginning of its revision here.</param>
/// <param name="Sha256">Always null: a model is a folder.</param>
/// <param name="Filename">Its name: where it lies is nobody's business.</param>
/// <param name="Config">Always null.</param>
internal sealed record WebUiModel(
    string Title,
    string ModelName,
    string Hash,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Sha256,
    string Filename,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Config);

internal sealed record WebUiSamplerItem(string Name, IReadOnlyList<string> Aliases, object Options);

internal sealed record WebUiScheduler(
    string Name,
    string Label,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] IReadOnlyList<string>? Aliases,
    double DefaultRho,
    bool NeedInnerModel);

internal sealed record WebUiUpscaler(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ModelName,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ModelPath,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ModelUrl,
    double Scale);

internal sealed record WebUiScripts(IReadOnlyList<string> Txt2img, IReadOnlyList<string> Img2img);
