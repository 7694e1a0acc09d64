using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.State;

namespace Diffusion.Mesh.Autoscaling;

/// <summary>
/// A day of requests to UNet workers that the real scaler's metric scales by the rules of the HPA and of KEDA, on virtual time. Encoding, decoding and the network take
/// no time in it. The same scenario gives the same outcome.
/// </summary>
internal sealed class Simulation
{
    // After the last request everything is made.
    private static readonly TimeSpan Rest = TimeSpan.FromHours(1);

    private readonly Scenario _scenario;
    private readonly VirtualTime _time = new();
    private readonly Agenda _agenda;
    private readonly DenoisePace _pace = new();
    private readonly JobBook _book;
    private readonly Deployment _deployment;
    private readonly Scaler _scaler;
    private readonly HorizontalPodAutoscaler _hpa;
    private readonly KedaActivation _keda;
    private readonly List<Picture> _pictures = [];
    private bool _isWaking;
    private int _least = int.MaxValue;
    private int _most;

    private Simulation(Scenario scenario)
    {
        _scenario = scenario;
        _agenda = new Agenda(_time);
        var store = new MemoryJobStore(_time);
        _book = new JobBook(store, scenario.Accelerator, _time, scenario.Running);
        _deployment = new Deployment(scenario.Accelerator, _time, _agenda) { Passed = Passed };
        _scaler = new Scaler(store, _pace, _time, scenario.TargetSeconds);
        _hpa = new HorizontalPodAutoscaler(scenario.Hpa);
        _keda = new KedaActivation(scenario.Keda);
    }

    public static Task<Outcome> RunAsync(Scenario scenario) => new Simulation(scenario).RunAsync();

    private async Task<Outcome> RunAsync()
    {
        AskNext(_scenario.Day.Arrivals(), 0);
        Scale(_scenario.Fixed ?? _scenario.Keda.MinReplicas, areReady: true);
        _agenda.Every(JobBook.Renewal, _book.RenewAsync);
        if (_scenario.Fixed is null)
        {
            _agenda.Every(_scenario.Hpa.Sync, SyncAsync);
            _agenda.Every(_scenario.Keda.Polling, ActivateAsync);
        }

        await _agenda.RunAsync(_scenario.Day.Length);
        var hours = _deployment.GpuHours;
        await _agenda.RunAsync(_scenario.Day.Length + Rest);
        return new Outcome(
            _pictures.Count,
            _pictures.Count(p => p.Ended is not null),
            _pictures.Count(p => Outcome.IsGood(p, _scenario.Accelerator.Bare)),
            hours,
            _least,
            _most,
            _pictures.Select(p => p.Begun - p.Asked).Max() ?? TimeSpan.Zero);
    }

    private void AskNext(IReadOnlyList<TimeSpan> arrivals, int next)
    {
        if (next == arrivals.Count)
            return;
        _agenda.After(arrivals[next] - _time.Elapsed, async () =>
        {
            AskNext(arrivals, next + 1);
            await AskAsync();
        });
    }

    private async Task AskAsync()
    {
        var picture = new Picture(_pictures.Count, _time.Elapsed);
        _pictures.Add(picture);
        await _book.SubmitAsync(picture);
        await ClaimAsync();
        if (_deployment.Replicas > 0 || _isWaking || _scenario.Fixed is not null)
            return;
        _isWaking = true;
        _agenda.After(_scenario.Keda.Push, async () =>
        {
            _isWaking = false;
            await ActivateAsync();
        });
    }

    private async Task ClaimAsync()
    {
        foreach (var claimed in await _book.ClaimAsync())
            _deployment.Add(claimed);
    }

    private void Passed(IReadOnlyList<Picture> pictures, TimeSpan pass)
    {
        var (evaluations, cost) = (_scenario.Accelerator.Evaluations, _scenario.Accelerator.Cost);
        foreach (var picture in pictures)
        {
            _pace.Report(JobBook.Model, cost / evaluations, pass.TotalSeconds / pictures.Count);
            if (picture.Done < evaluations)
                continue;
            picture.Ended = _time.Elapsed;
            _agenda.After(TimeSpan.Zero, () => CompleteAsync(picture));
        }
    }

    private async Task CompleteAsync(Picture picture)
    {
        await _book.CompleteAsync(picture);
        await ClaimAsync();
    }

    private async Task SyncAsync()
    {
        if (_deployment.Replicas == 0)
            return;
        var (total, target) = await _scaler.MetricAsync();
        Scale(_hpa.Desire(_time.Elapsed, _deployment.Replicas, total, target));
    }

    private async Task ActivateAsync() => Scale(_keda.Desire(_time.Elapsed, _deployment.Replicas, await _scaler.IsActiveAsync()));

    private void Scale(int replicas, bool areReady = false)
    {
        (_least, _most) = (Math.Min(_least, replicas), Math.Max(_most, replicas));
        _deployment.Scale(replicas, areReady);
    }
}
