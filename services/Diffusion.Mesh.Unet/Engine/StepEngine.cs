using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Unet;

/// <summary>
/// Serves many generations at once: at each step it packs the rows of all that can share a forward pass, runs it, and takes each one's sampler step. One
/// loop on a thread of its own owns all of that; others only add generations and read the load.
/// </summary>
internal sealed partial class StepEngine : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Generation> _joining = [];
    private readonly List<Generation> _generations = [];
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private readonly PassPlanner _planner;
    private readonly PassRunner _runner;
    private readonly LoadBoard _board;
    private readonly Readiness _readiness;
    private readonly ServiceOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<StepEngine> _logger;
    private long _arrivals;
    private volatile bool _isStopping;

    public StepEngine(
        ServiceTelemetry telemetry, PassMetrics metrics, Readiness readiness, ServiceOptions options, TimeProvider time, ILogger<StepEngine> logger)
    {
        (_readiness, _options, _time, _logger) = (readiness, options, time, logger);
        var limits = EngineLimits.From(options);
        Times = new EngineTimes(time);
        _planner = new PassPlanner(limits, options.Provider, time);
        _runner = new PassRunner(_planner, limits, telemetry, metrics, Times, time);
        _board = new LoadBoard();
        _thread = new Thread(Loop) { Name = "step engine", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Where the engine's time goes.</summary>
    public EngineTimes Times { get; }

    /// <summary>What is in work, by shape; at most a step old.</summary>
    public EngineLoad Load => _board.Read();

    /// <summary>Takes a job in.</summary>
    /// <param name="outbox">Gets what there is to tell of it, and its end.</param>
    /// <param name="cancellation">Ends it after the current step.</param>
    /// <returns>The job in work; <see cref="Generation.Ended"/> is done when the engine has left it.</returns>
    public Generation Enter(ValidDenoiseJob job, DenoiseOutbox outbox, CancellationToken cancellation)
    {
        LogBegins(job.Id, job.Done, job.Evaluations);
        var generation = new Generation(job, outbox, job.Priority, Interlocked.Increment(ref _arrivals), DeadlineOf(job), cancellation);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isStopping, this);
            _joining.Add(generation);
        }

        _wake.Set();
        return generation;
    }

    /// <summary>Runs a UNet once as a guided picture of the default size does: ONNX Runtime allocates and picks kernels at the first run.</summary>
    public static void Warm(ModelFacts model, UnetModel unet)
    {
        if (DefaultShape.Of(model, unet) is not { } shape)
            return;
        var rows = unet.TakesSingleRows ? 1 : 2;
        using var room = unet.Allocate(shape, rows);
        room.Run(rows);
    }

    /// <summary>Ends what is in work, as if it were cancelled.</summary>
    public void Dispose()
    {
        lock (_lock)
            _isStopping = true;
        _wake.Set();
        _thread.Join();
        _planner.Dispose();
        _wake.Dispose();
    }

    private void Loop()
    {
        while (true)
        {
            Admit();
            Sweep();
            if (_generations.Count > 0)
            {
                Step();
                continue;
            }

            _board.Publish(EngineLoad.None);
            if (_isStopping)
                return;
            _wake.WaitOne();
        }
    }

    private void Step()
    {
        using var work = Times.Work();
        _board.PublishIfWanted(_planner, _generations);
        _runner.Run(_planner.Next(_generations.Count > 1));
        foreach (var generation in _runner.Finished)
            Finish(generation);
        foreach (var (generation, error) in _runner.Failed)
        {
            LogFailed(error, generation.Job.Id);
            Leave(generation).End(error);
        }
    }

    private void Admit()
    {
        lock (_lock)
        {
            foreach (var generation in _joining)
            {
                _generations.Add(generation);
                _planner.Enter(generation);
            }

            _joining.Clear();
        }
    }

    // Whatever ends a generation from outside does so between two steps.
    private void Sweep()
    {
        for (var i = _generations.Count - 1; i >= 0; i--)
        {
            var generation = _generations[i];
            if (generation.Cancellation.IsCancellationRequested || _isStopping)
                Leave(generation).End(new OperationCanceledException(generation.Cancellation));
            else if (generation.Job.Done == generation.Job.Evaluations)
                Finish(generation);
            else if (generation.IsToHandBack || _readiness.IsDraining)
                Leave(generation).End(HandedBack(generation));
            else if (IsTooLate(generation))
                Leave(generation).End(TooLate(generation));
        }
    }

    private void Finish(Generation generation) => Leave(generation).End(new DenoiseResponse
    {
        Denoised = new Denoised { Latents = TensorMessages.ToMessage(generation.Job.State.Latents, generation.Job.LatentShape) },
    });

    private Generation Leave(Generation generation)
    {
        _generations.Remove(generation);
        _planner.Leave(generation);
        return generation;
    }

    private bool IsTooLate(Generation generation) =>
        generation.Deadline != long.MaxValue
        && _time.GetTimestamp() + _planner.LeastSeconds(generation) * _time.TimestampFrequency > generation.Deadline;

    private long DeadlineOf(ValidDenoiseJob job)
    {
        if (job.Deadline is not { } deadline)
            return long.MaxValue;
        var ticks = (deadline - _time.GetUtcNow()).TotalSeconds * _time.TimestampFrequency;
        return ticks > long.MaxValue / 4 ? long.MaxValue : _time.GetTimestamp() + (long)ticks;
    }

    private static RpcException TooLate(Generation generation) => new(new Status(
        StatusCode.DeadlineExceeded,
        $"The deadline of job {generation.Job.Id} cannot be met any more: {generation.Job.Evaluations - generation.Job.Done} evaluations are left."));

    private DenoiseResponse HandedBack(Generation generation) => new()
    {
        HandedBack = new HandedBack { State = StateMessages.Write(generation.Job, _options.Provider) },
    };

    [LoggerMessage(300, LogLevel.Information, "Job {Job} begins at evaluation {Position} of {Evaluations}")]
    private partial void LogBegins(string job, int position, int evaluations);

    [LoggerMessage(301, LogLevel.Error, "The forward pass of job {Job} failed")]
    private partial void LogFailed(Exception error, string job);
}
