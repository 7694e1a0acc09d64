using System.Diagnostics;
using System.Diagnostics.Metrics;
using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What happens while jobs run: model evaluations, previews, states that are kept, and what goes on elsewhere.</summary>
internal sealed class RunMetrics(ServiceMeter meter, TenantNames names) : IHostMetrics
{
    /// <summary>The job goes on with another orchestrator.</summary>
    public const string Orchestrator = "orchestrator";

    /// <summary>The job goes on with another worker, or with the same when it is back.</summary>
    public const string Worker = "worker";

    private readonly Histogram<double> _step = meter.Seconds(TelemetryNames.Metrics.StepDuration, "Duration of model evaluations, as the workers tell it.");
    private readonly Histogram<double> _preview = meter.Seconds(TelemetryNames.Metrics.FirstPreviewDuration, "From a job's acceptance to its first preview.");
    private readonly Counter<long> _resumes = meter.Counter(TelemetryNames.Metrics.Resumes, "job", "Jobs that went on elsewhere.");
    private readonly Counter<long> _repeated = meter.Counter(TelemetryNames.Metrics.StepsRepeated, "evaluation", "Model evaluations that were done again.");
    private readonly Counter<long> _checkpoints = meter.Counter(TelemetryNames.Metrics.CheckpointCount, "checkpoint", "Sampler states that the store has taken.");
    private readonly Counter<long> _bytes = meter.Meter.CreateCounter<long>(TelemetryNames.Metrics.CheckpointBytes, "By", "Their size.");
    private readonly Counter<long> _tenants = meter.Counter(TelemetryNames.Metrics.TenantEvaluations, "evaluation", "Model evaluations, by tenant.");

    /// <inheritdoc/>
    public void Begin()
    {
        foreach (var reason in new[] { Orchestrator, Worker })
            _resumes.Add(0, new KeyValuePair<string, object?>(TelemetryNames.ResumeReason, reason));
        _repeated.Add(0);
        _checkpoints.Add(0);
        _bytes.Add(0);
    }

    /// <summary>A worker has made an evaluation for a job.</summary>
    /// <param name="isRepeated">It was made before.</param>
    public void Evaluated(Job job, TimeSpan duration, bool isRepeated)
    {
        var tags = new TagList { { TelemetryNames.Model, job.Request.Model.Name }, { TelemetryNames.Sampler, job.Request.Sampler.Name } };
        _step.Record(Math.Max(0, duration.TotalSeconds), tags);
        _tenants.Add(1, new KeyValuePair<string, object?>(TelemetryNames.Tenant, names.Of(job.Tenant)));
        if (isRepeated)
            _repeated.Add(1);
    }

    /// <summary>The client was told of the first preview.</summary>
    public void FirstPreview(Job job, TimeSpan sinceAcceptance) =>
        _preview.Record(Math.Max(0, sinceAcceptance.TotalSeconds), new KeyValuePair<string, object?>(TelemetryNames.Model, job.Request.Model.Name));

    /// <param name="reason"><see cref="Orchestrator"/> or <see cref="Worker"/>.</param>
    public void Resumed(string reason) => _resumes.Add(1, new KeyValuePair<string, object?>(TelemetryNames.ResumeReason, reason));

    /// <summary>The store has taken a state.</summary>
    public void Kept(int bytes)
    {
        _checkpoints.Add(1);
        _bytes.Add(bytes);
    }
}
