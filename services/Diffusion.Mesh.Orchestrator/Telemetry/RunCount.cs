using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Counts what a job's denoising does here, over all its attempts.</summary>
internal sealed class RunCount(Job job, RunMetrics metrics)
{
    private uint _completed = (uint)job.CompletedBefore;
    private bool _hasRun;

    /// <summary>A worker has taken the job.</summary>
    public void Accepted()
    {
        if (_hasRun)
            metrics.Resumed(RunMetrics.Worker);
        _hasRun = true;
    }

    /// <summary>It has made evaluations.</summary>
    public void Evaluated(IEnumerable<Evaluation> evaluations)
    {
        foreach (var evaluation in evaluations)
        {
            metrics.Evaluated(job, evaluation.Ended.ToDateTimeOffset() - evaluation.Started.ToDateTimeOffset(), evaluation.Index < _completed);
            _completed = Math.Max(_completed, evaluation.Index + 1);
        }
    }
}
