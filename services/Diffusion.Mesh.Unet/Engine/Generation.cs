using System.Diagnostics;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;
using Guidance = Diffusion.Mesh.Sampling.Guidance;

namespace Diffusion.Mesh.Unet;

/// <summary>
/// A job in work, between its rows and its sampler. All that changes from step to step is here, in buffers that live as long as the job. Only the engine's
/// thread touches it, but for <see cref="Ended"/> and the request to hand back.
/// </summary>
internal sealed class Generation
{
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _size;
    private readonly float[] _scaled;
    private readonly float[] _guided;
    private readonly float[] _unguided;
    private RowSet? _guidedRows;
    private RowSet? _unguidedRows;
    private int _outstanding;
    private int _batchRows;
    private DateTimeOffset _started;
    private ActivityContext _forward;
    private volatile bool _isToHandBack;

    /// <param name="arrival">A number that grows from job to job.</param>
    /// <param name="deadline">When the result is of no use any more, on the engine's clock; <see cref="long.MaxValue"/>: never.</param>
    public Generation(ValidDenoiseJob job, DenoiseOutbox outbox, int priority, long arrival, long deadline, CancellationToken cancellation)
    {
        (Job, Outbox, Priority, Arrival, Deadline, Cancellation) = (job, outbox, priority, arrival, deadline, cancellation);
        Trace = Activity.Current?.Context ?? default;
        _size = job.State.Latents.Length / job.Images;
        _scaled = new float[job.State.Latents.Length];
        _guided = new float[job.State.Latents.Length];
        _unguided = job.Negative is null ? [] : new float[job.State.Latents.Length];
    }

    public ValidDenoiseJob Job { get; }

    public DenoiseOutbox Outbox { get; }

    public int Priority { get; }

    public long Arrival { get; }

    public long Deadline { get; }

    public CancellationToken Cancellation { get; }

    /// <summary>The trace that asked for it.</summary>
    public ActivityContext Trace { get; }

    /// <summary>Ends when the job leaves the engine.</summary>
    public Task Ended => _end.Task;

    /// <summary>Training timestep of the current evaluation.</summary>
    public float Timestep { get; private set; }

    /// <summary>Whether a row of the current evaluation was in a pass.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Rows of the current evaluation.</summary>
    public int Rows { get; private set; }

    /// <summary>Its rows with the prompt.</summary>
    public RowSet GuidedRows => _guidedRows!;

    /// <summary>Its rows without; null where there are none.</summary>
    public RowSet? UnguidedRows => _unguidedRows;

    /// <summary>Both, or the one that there is.</summary>
    public RowSet[] Sides { get; private set; } = [];

    /// <summary>It was in a pass that failed, and gets passes of its own until one has gone well.</summary>
    public bool IsSuspect { get; set; }

    /// <summary>A more urgent job that came later has taken the pass that it waits for.</summary>
    public bool IsPreempted { get; set; }

    /// <summary>Whether the caller wants the state back instead of the result.</summary>
    public bool IsToHandBack => _isToHandBack;

    /// <summary>Asks for the state after the current step.</summary>
    public void HandBack() => _isToHandBack = true;

    /// <summary>Tells the rows' groups, once.</summary>
    public void Enter(RowSet guided, RowSet? unguided) =>
        (_guidedRows, _unguidedRows, Sides) = (guided, unguided, unguided is null ? [guided] : [unguided, guided]);

    /// <summary>Makes the rows of the next evaluation wait.</summary>
    public void Prepare()
    {
        var position = Job.State.Position;
        Job.Sampler.ScaleInput(position, Job.State.Latents, _scaled);
        Timestep = (float)Job.Sampler.Evaluations[position].Timestep;
        HasBegun = false;
        _guidedRows!.Begin(isInUse: true);
        _unguidedRows?.Begin(Job.IsGuided);
        Rows = _outstanding = _guidedRows.Waiting + (_unguidedRows?.Waiting ?? 0);
        _batchRows = 0;
    }

    /// <summary>The first pass of the current evaluation begins.</summary>
    public void Begin(DateTimeOffset time, ActivityContext forward) => (HasBegun, _started, _forward) = (true, time, forward);

    /// <summary>A picture's latents, scaled for the model.</summary>
    public ReadOnlySpan<float> Input(int picture) => _scaled.AsSpan(picture * _size, _size);

    /// <summary>Where the model's prediction for a picture goes.</summary>
    public Span<float> Prediction(int picture, bool isGuided) => (isGuided ? _guided : _unguided).AsSpan(picture * _size, _size);

    /// <summary>Rows came back from a pass of <paramref name="batchRows"/>.</summary>
    /// <returns>True when the evaluation has all its rows.</returns>
    public bool Deliver(int rows, int batchRows)
    {
        _outstanding -= rows;
        _batchRows = Math.Max(_batchRows, batchRows);
        return _outstanding == 0;
    }

    /// <summary>The sampler's step, and what there is to tell of it.</summary>
    /// <param name="ended">When the pass ended.</param>
    public void Step(DateTimeOffset ended)
    {
        var (index, planned) = (Job.Done, Job.Sampler.Evaluations[Job.State.Position]);
        var prediction = Job.IsGuided ? Guide() : _guided;
        var preview = Preview(prediction);
        Job.Sampler.Step(Job.State, prediction, Job.Noise);
        Job.Known?.Restore(Job.State.Latents, Job.Sampler, Job.State.Position);
        Outbox.Report(new FinishedEvaluation(index, planned.Timestep, planned.Sigma, _started, ended, Rows, _batchRows, _forward));
        if (preview is not null)
            Outbox.Report(preview);
        if (IsDue(Job.StateEvery, Job.Done) && Job.Done < Job.Evaluations)
            Outbox.ReportState(Job);
    }

    /// <summary>The job leaves the engine: with its last message, or with an error.</summary>
    public void End(DenoiseResponse last)
    {
        Outbox.Complete(last);
        _end.TrySetResult();
    }

    /// <inheritdoc cref="End(DenoiseResponse)"/>
    public void End(Exception error)
    {
        Outbox.Fail(error);
        _end.TrySetException(error);
    }

    private float[] Guide()
    {
        Guidance.Combine(_unguided, _guided, Job.Guidance.Scale, _unguided);
        if (Job.Guidance.Rescale > 0)
        {
            for (var start = 0; start < _guided.Length; start += _size)
                Guidance.Rescale(_unguided.AsSpan(start, _size), _guided.AsSpan(start, _size), Job.Guidance.Rescale);
        }

        return _unguided;
    }

    // Made before the step, which changes the latents in place. After the last evaluation the result is there.
    private DenoisePreview? Preview(float[] prediction)
    {
        var completed = Job.Done + 1;
        if (!IsDue(Job.PreviewEvery, completed) || completed == Job.Evaluations)
            return null;
        var clean = new float[prediction.Length];
        Job.Sampler.PredictClean(Job.State.Position, Job.State.Latents, prediction, clean);
        Job.Known?.Restore(clean);
        return new DenoisePreview { Completed = (uint)completed, Latents = TensorMessages.ToMessage(clean, Job.LatentShape) };
    }

    private static bool IsDue(uint every, int done) => every > 0 && done % every == 0;
}
