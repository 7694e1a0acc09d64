using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// What denoising costs, as this orchestrator's own jobs measure it: seconds of a worker for each unit of a job's cost (<see cref="JobCosts"/>), by model. Of a forward pass
/// that several jobs share each has its part, so that full batches count as the time that they take.
/// </summary>
internal sealed class DenoisePace
{
    // As much as some 250 evaluations tell: a few pictures, of whatever sizes and samplers come.
    private const double Kept = 1 - (1.0 / 256);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (double Seconds, double Cost)> _sums = new(StringComparer.Ordinal);

    /// <summary>A model evaluation is done.</summary>
    /// <param name="model">As <see cref="JobModels.Key"/> has it.</param>
    /// <param name="cost">The part of the job's cost that it was.</param>
    public void Report(string model, double cost, Evaluation evaluation)
    {
        // Rows beyond one pass took several of them, all of them the job's.
        var share = evaluation.BatchRows == 0 ? 1 : Math.Min(1, (double)evaluation.Rows / evaluation.BatchRows);
        Report(model, cost, share * (evaluation.Ended - evaluation.Started).ToTimeSpan().TotalSeconds);
    }

    /// <summary>The same, with the seconds that it took of a worker. A worker's clock may have been set meanwhile: what is below zero tells nothing.</summary>
    public void Report(string model, double cost, double seconds)
    {
        if (!(seconds > 0 && cost > 0))
            return;
        lock (_lock)
        {
            var (sum, costs) = _sums.GetValueOrDefault(model);
            _sums[model] = ((Kept * sum) + seconds, (Kept * costs) + cost);
        }
    }

    /// <summary>Seconds for each unit of cost; null where no job of the model has run here.</summary>
    public double? Seconds(string model)
    {
        lock (_lock)
            return _sums.TryGetValue(model, out var sums) ? sums.Seconds / sums.Cost : null;
    }
}
