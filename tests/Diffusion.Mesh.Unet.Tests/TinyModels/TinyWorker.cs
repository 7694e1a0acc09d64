using Diffusion.Mesh.Inference;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>A worker with one tiny model, and jobs for it.</summary>
internal sealed class TinyWorker : IDisposable
{
    public const string Model = "tiny";
    public const int Side = 3;

    private readonly TemporaryFolder _folder;

    private TinyWorker(TemporaryFolder folder, UnetWorker worker) => (_folder, Worker) = (folder, worker);

    public UnetWorker Worker { get; }

    /// <param name="wrap">Puts another UNet over the file's.</param>
    public static async Task<TinyWorker> StartAsync(TinyModel model, Func<UnetModel, UnetModel>? wrap = null)
    {
        var folder = new TemporaryFolder();
        model.Write(Path.Combine(folder.Path, Model));
        return new TinyWorker(folder, await UnetWorker.StartAsync(folder.Path, wrap));
    }

    /// <summary>Four DDIM steps of one picture of 3 by 3 latents, not guided.</summary>
    public static DenoiseJob Job(Conditioning? positive = null) => new()
    {
        JobId = "job",
        Model = Model,
        Positive = positive ?? Context(0),
        Schedule = new Schedule { Steps = 4 },
        LatentHeight = Side,
        LatentWidth = Side,
        Noise = new NoiseStream { Seed = 7, Images = 1 },
    };

    /// <summary>Guided by contexts of the means 3 and 1.</summary>
    public static DenoiseJob GuidedJob(Guidance guidance)
    {
        var job = Job(Context(3));
        job.Negative = Context(1);
        job.Guidance = guidance;
        return job;
    }

    /// <summary>A context of <paramref name="tokens"/> tokens of one value.</summary>
    public static Conditioning Context(float value, int tokens = 2, int rows = 1) =>
        new() { Tensors = { Filled(value, rows, tokens, TinyUnet.ContextWidth).ToMessage("encoder_hidden_states") } };

    /// <summary>A tensor of one value.</summary>
    public static TensorData Filled(float value, params int[] shape) =>
        TensorData.From([.. Enumerable.Repeat(value, shape.Aggregate(1, (product, length) => product * length))], shape);

    /// <summary>The latents of a picture of one value, with a deviation of <c>exp(-1)</c>.</summary>
    public static LatentDistribution Distribution(float value, int channels = 4) => new()
    {
        Mean = Filled(value, 1, channels, Side, Side).ToMessage(),
        LogVariance = Filled(-2, 1, channels, Side, Side).ToMessage(),
    };

    /// <summary>Paints the last row of the picture anew.</summary>
    public static Inpainting Inpainting(int channels = 4) => new()
    {
        Mask = TensorMessages.ToMessage([0, 0, 0, 0, 0, 0, 1, 1, 1], [1, 1, Side, Side]),
        Masked = Distribution(0.5f, channels),
    };

    public void Dispose()
    {
        Worker.Dispose();
        _folder.Dispose();
    }
}
