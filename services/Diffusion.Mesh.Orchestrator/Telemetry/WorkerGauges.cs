using System.Diagnostics.Metrics;
using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The workers that this orchestrator knows, by what it knows of them: every state is told, also where nobody is in it.</summary>
internal sealed class WorkerGauges : IHostMetrics
{
    private static readonly string[] States = ["ready", "full", "loading", "draining", "away", "unknown"];

    private readonly WorkerDirectory _directory;

    public WorkerGauges(ServiceMeter meter, WorkerDirectory directory)
    {
        _directory = directory;
        meter.Meter.CreateObservableGauge(TelemetryNames.Metrics.Workers, Count, "{worker}", "Workers by state, as this orchestrator sees them.");
    }

    /// <summary>A role as a label: its name on the command line.</summary>
    public static string Service(WorkerRole role) => role switch
    {
        WorkerRole.TextEncoder => "text-encoder",
        WorkerRole.Unet => "unet",
        _ => "vae",
    };

    private IEnumerable<Measurement<int>> Count()
    {
        foreach (var role in Enum.GetValues<WorkerRole>())
        {
            var states = _directory.Pool(role).Workers.Select(State).ToArray();
            foreach (var state in States)
                yield return new Measurement<int>(
                    states.Count(s => s == state), new(TelemetryNames.Service, Service(role)), new KeyValuePair<string, object?>(TelemetryNames.WorkerState, state));
        }
    }

    private static string State(Candidate worker) => worker switch
    {
        { Standing: Standing.Lost } => "away",
        { Load: null } => "unknown",
        { Load.Draining: true } => "draining",
        { IsServing: false } => "loading",
        { IsFull: true } => "full",
        _ => "ready",
    };
}
