using System.Globalization;
using System.Text.Json.Serialization;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>How far the tenant's jobs of this API are, and their early end. Those of other doors are neither told of nor ended.</summary>
internal sealed class WebUiProgressApi(WebUiJobs jobs)
{
    public async Task ProgressAsync(ApiCall call)
    {
        var active = await jobs.ActiveAsync(call.Caller, call.Cancellation);
        var current = active.FirstOrDefault();
        var here = current is null ? null : jobs.Here(current.Id);
        var done = Math.Max(current?.Completed ?? 0, here?.Step?.Completed ?? 0);
        var evaluations = here?.Step?.Evaluations ?? current?.Evaluations ?? 0;
        var withImage = !bool.TryParse(call.Query("skip_current_image"), out var skip) || !skip;
        await ApiJson.WriteAsync(call, new WebUiProgress(
            evaluations == 0 ? 0 : (double)done / evaluations,
            current?.EstimatedTimeLeft?.ToTimeSpan().TotalSeconds ?? 0,
            new WebUiState(
                Skipped: false,
                Interrupted: false,
                StoppingGeneration: false,
                current?.Id ?? "",
                active.Count,
                current?.AcceptedTime.ToDateTimeOffset().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) ?? "0",
                JobNo: 0,
                done,
                evaluations),
            withImage ? here?.Preview?.Data.ToByteArray() : null,
            Textinfo: null));
    }

    /// <summary>Ends all of them.</summary>
    public async Task InterruptAsync(ApiCall call)
    {
        var active = await jobs.ActiveAsync(call.Caller, call.Cancellation);
        await jobs.CancelAsync(call.Caller, active.Select(job => job.Id), call.Cancellation);
        await ApiJson.WriteAsync(call, new { });
    }

    /// <summary>Ends the one that <see cref="ProgressAsync"/> tells of.</summary>
    public async Task SkipAsync(ApiCall call)
    {
        var active = await jobs.ActiveAsync(call.Caller, call.Cancellation);
        await jobs.CancelAsync(call.Caller, active.Where(job => job.State == JobState.Running).Take(1).Select(job => job.Id), call.Cancellation);
        await ApiJson.WriteAsync(call, new { });
    }
}

/// <summary>How far the job is that has run the longest.</summary>
/// <param name="Progress">0 to 1.</param>
/// <param name="EtaRelative">Seconds that are left; 0 where nobody knows.</param>
/// <param name="CurrentImage">The latest preview of its first picture, as a file; null: there is none, or its client waits at another orchestrator.</param>
internal sealed record WebUiProgress(
    double Progress,
    double EtaRelative,
    WebUiState State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] byte[]? CurrentImage,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Textinfo);

/// <param name="Job">Its id; empty: nothing is under way.</param>
/// <param name="JobCount">Jobs of this API that run or wait, the tenant's.</param>
/// <param name="JobTimestamp">When it was accepted, as digits.</param>
/// <param name="SamplingStep">Model evaluations done.</param>
/// <param name="SamplingSteps">Model evaluations altogether.</param>
internal sealed record WebUiState(
    bool Skipped, bool Interrupted, bool StoppingGeneration, string Job, int JobCount, string JobTimestamp, int JobNo, uint SamplingStep, uint SamplingSteps);
