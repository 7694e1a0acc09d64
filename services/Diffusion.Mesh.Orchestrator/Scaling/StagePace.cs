using System.Collections.Concurrent;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What each stage costs: as measured here, else as the workers tell it, else as they told it last, else a start value.</summary>
/// <param name="own">Measured by this orchestrator's jobs.</param>
/// <param name="loads">What a role's workers tell now.</param>
/// <param name="scale">Pixels of a picture's side for one of its latents', by a model's key; null: an unknown model.</param>
internal sealed class StagePace(DenoisePace own, Func<WorkerRole, IEnumerable<WorkerLoad>> loads, Func<string, int?> scale)
{
    /// <summary>Seconds of a UNet worker for a step, a pixel and a picture before anybody has measured: 5 s for an SDXL picture of 1024 x 1024 in 50 steps.</summary>
    public const double StartDenoiseSeconds = 1e-7;

    /// <summary>Seconds of a text encoder or VAE for a job before anybody has measured.</summary>
    public const double StartPassSeconds = 0.1;

    // Most jobs are guided.
    private const double RowsOfPicture = 2;

    private readonly ConcurrentDictionary<string, double> _denoise = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<WorkerRole, double> _pass = new();

    /// <summary>Seconds of a UNet worker for each unit of a job's cost.</summary>
    /// <param name="model">As <see cref="JobModels.Key"/> has it.</param>
    public double DenoiseSeconds(string model)
    {
        if (own.Seconds(model) is { } measured)
            return measured;
        if (ToldDenoise(model) is { } told)
            return _denoise[model] = told;
        return _denoise.GetValueOrDefault(model, StartDenoiseSeconds);
    }

    /// <summary>Seconds of a text encoder or VAE for a job.</summary>
    public double PassSeconds(WorkerRole role)
    {
        var told = loads(role).Where(load => load.PassSeconds > 0).Select(load => load.PassSeconds).ToArray();
        if (told.Length > 0)
            return _pass[role] = told.Average();
        return _pass.GetValueOrDefault(role, StartPassSeconds);
    }

    private double? ToldDenoise(string model)
    {
        if (scale(model) is not { } side)
            return null;
        var (name, _) = JobModels.Parse(model);
        var shapes = loads(WorkerRole.Unet).SelectMany(load => load.Shapes).Where(s => s.Model == name && s.Rows > 0 && s.PassSeconds > 0);
        var seconds = shapes.Select(s => RowsOfPicture * s.PassSeconds / s.Rows / ((double)s.LatentHeight * s.LatentWidth * side * side)).ToArray();
        return seconds.Length > 0 ? seconds.Average() : null;
    }
}
