using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Sampling;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;
using Guidance = Diffusion.Mesh.V1.Guidance;
using NoiseStream = Diffusion.Mesh.V1.NoiseStream;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>Jobs of all kinds for one model, drawn from a seed.</summary>
internal sealed class DrawnJobs(ModelFacts model, int seed)
{
    private static readonly (uint Height, uint Width)[] s_shapes = [(8, 8), (8, 8), (8, 8), (4, 8), (8, 4)];
    private static readonly int[] s_tokens = [8, 8, 8, 12];

    // A model's prediction rules some out.
    private readonly string[] _samplers =
        [.. Samplers.Names.Where(name => !Samplers.Check(model.Scheduler, new SamplingChoice { Steps = 4, Sampler = name }).Any())];

    private readonly Random _random = new(seed);
    private int _number;

    /// <summary>The next job: its sampler takes turns, everything else is drawn.</summary>
    public DenoiseJob Next()
    {
        var images = _random.Next(4) == 0 ? 2 : 1;
        var shape = Draw(s_shapes);
        var job = new DenoiseJob
        {
            JobId = $"job-{_number}",
            Model = model.Name,
            Positive = Context(images, Draw(s_tokens)),
            Schedule = new Schedule { Steps = _random.Next(2, 5) },
            Sampler = new Sampler { Name = _samplers[_number % _samplers.Length] },
            LatentHeight = shape.Height,
            LatentWidth = shape.Width,
            Noise = new NoiseStream { Seed = (ulong)_random.Next(), Images = (uint)images },
            Priority = _random.Next(-100, 101),
        };
        if (_random.Next(3) > 0)
        {
            job.Negative = Context(1, Draw(s_tokens));
            job.Guidance = new Guidance { Scale = 1 + 6 * _random.NextDouble(), Rescale = _random.Next(2), IntervalStart = _random.Next(4) == 0 ? 0.3 : 0 };
        }

        _number++;
        return job;
    }

    private T Draw<T>(T[] values) => values[_random.Next(values.Length)];

    private Conditioning Context(int rows, int tokens)
    {
        int[] shape = [rows, tokens, model.Unet.ContextWidth];
        var values = Enumerable.Range(0, rows * tokens * model.Unet.ContextWidth).Select(_ => 4 * _random.NextSingle() - 2).ToArray();
        return new Conditioning { Tensors = { TensorData.From(values, shape).ToMessage("encoder_hidden_states") } };
    }
}
