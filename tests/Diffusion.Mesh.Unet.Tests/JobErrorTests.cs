using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;
using Grpc.Core;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>Each wrong field of a job is named, and it alone.</summary>
public sealed class JobErrorTests
{
    private static readonly TinyModel s_fixed = new() { Unet = new TinyUnet { Tokens = 2, Side = 3 } };
    private static readonly TinyModel s_inpainting = new() { Unet = new TinyUnet { InChannels = 9 } };

    private static readonly Dictionary<string, (string Field, TinyModel Model, Action<DenoiseJob> Spoil)> s_wrong = new()
    {
        ["scale 51"] = ("job.guidance.scale", new(), j => j.Guidance = new Guidance { Scale = 51 }),
        ["scale below 0"] = ("job.guidance.scale", new(), j => j.Guidance = new Guidance { Scale = -1 }),
        ["rescale 2"] = ("job.guidance.rescale", new(), j => j.Guidance = new Guidance { Rescale = 2 }),
        ["interval start NaN"] = ("job.guidance.interval_start", new(), j => j.Guidance = new Guidance { IntervalStart = double.NaN }),
        ["interval end 2"] = ("job.guidance.interval_end", new(), j => j.Guidance = new Guidance { IntervalEnd = 2 }),
        ["interval end first"] = ("job.guidance.interval_end", new(), j => j.Guidance = new Guidance { IntervalStart = 0.5, IntervalEnd = 0.4 }),
        ["65 images"] = ("job.noise.images", new(), j => j.Noise.Images = 65),
        ["65 images of a state"] = ("job.state.noise.images", new(), j => j.State = new SamplerState { Noise = new NoiseStream { Images = 65 } }),
        ["numbers drawn"] = ("job.noise.numbers_drawn", new(), j => j.Noise.NumbersDrawn = 36),
        ["strength 0"] = ("job.source.strength", new(), j => Source(j).Strength = 0),
        ["strength above 1"] = ("job.source.strength", new(), j => Source(j).Strength = 1.1),
        ["strength NaN"] = ("job.source.strength", new(), j => Source(j).Strength = double.NaN),
        ["strength that leaves no step"] = ("job.source.strength", new(), j => Source(j).Strength = 0.2),
        ["no source latents"] = ("job.source.latents.mean", new(), j => Source(j).Latents = null),
        ["source of another size"] = ("job.source.latents.mean", new(), j => Source(j).Latents.Mean = TinyWorker.Filled(0, 1, 4, 3, 4).ToMessage()),
        ["source of integers"] = ("job.source.latents.mean", new(), j => Source(j).Latents.Mean.Dtype = DataType.Int32),
        ["source not finite"] = ("job.source.latents.mean", new(), j => Source(j).Latents = TinyWorker.Distribution(float.NaN)),
        ["variance too large"] = ("job.source.latents.log_variance", new(), j => Source(j).Latents.LogVariance = Numbers(21, 4)),
        ["inpainting without source"] = ("job.inpainting", new(), j => j.Inpainting = TinyWorker.Inpainting()),
        ["no mask"] = ("job.inpainting.mask", new(), j => Inpainting(j).Mask = null),
        ["mask above 1"] = ("job.inpainting.mask", new(), j => Inpainting(j).Mask = Numbers(1.5f, 1)),
        ["mask of another size"] = ("job.inpainting.mask", new(), j => Inpainting(j).Mask = Numbers(1, 4)),
        ["masked of another size"] = ("job.inpainting.masked.mean", new(), j => Inpainting(j).Masked.Mean = TinyWorker.Filled(0, 1, 4, 2, 3).ToMessage()),
        ["no masked picture"] = ("job.inpainting.masked.mean", s_inpainting, j => Inpainting(j).Masked = null),
        ["no inpainting"] = ("job.inpainting", s_inpainting, j => Source(j)),
        ["conditioning not finite"] = ("job.positive.encoder_hidden_states", new(), j => j.Positive = TinyWorker.Context(float.NegativeInfinity)),
        ["tokens that do not fit"] = ("job.positive.encoder_hidden_states", s_fixed, j => j.Positive = TinyWorker.Context(0, tokens: 3)),
        ["context of another width"] = ("job.positive.encoder_hidden_states", new(), j => j.Positive.Tensors[0].Tensor = Wide()),
        ["width that does not fit"] = ("job.latent_width", s_fixed, j => j.LatentWidth = 4),
        ["6 channels"] = ("job.model", new() { Unet = new TinyUnet { InChannels = 6 } }, _ => { }
        ),
        ["8 predicted channels"] = ("job.model", new() { Unet = new TinyUnet { OutChannels = 8 } }, _ => { }
        ),
    };

    public static TheoryData<string> Names => [.. s_wrong.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Denoise_OneWrongField_IsNamedAlone(string name)
    {
        var (field, model, spoil) = s_wrong[name];
        using var tiny = await TinyWorker.StartAsync(model);
        var job = TinyWorker.Job();
        spoil(job);

        var error = await Assert.ThrowsAsync<RpcException>(() => tiny.Worker.DenoiseAsync(job));

        Assert.True(error.StatusCode == StatusCode.InvalidArgument, error.Status.ToString());
        Assert.Equal([field], RichErrors.Problems(error).Select(problem => problem.Field));
    }

    [Fact]
    public async Task Denoise_TokensThatDoNotFit_SaysWhatTheUnetTakes()
    {
        using var tiny = await TinyWorker.StartAsync(s_fixed);

        var error = await Assert.ThrowsAsync<RpcException>(() => tiny.Worker.DenoiseAsync(TinyWorker.Job(TinyWorker.Context(0, tokens: 3))));

        var problem = Assert.Single(RichErrors.Problems(error));
        Assert.Equal("The UNet takes Float32 [any, 2, 2], and the shape is [1, 3, 2].", problem.Description);
    }

    [Fact]
    public async Task Denoise_NumberTooLargeForFloat16_IsNotFinite()
    {
        using var worker = await UnetWorker.StartAsync(GoldenFolder.Family("half"));
        var job = GoldenJob.Make(GoldenCall.Read("half/euler"), worker.Model("model"));
        var shape = job.Positive.Tensors[0].Tensor.Shape.Select(length => (int)length);
        job.Positive.Tensors[0].Tensor = TinyWorker.Filled(1e6f, [.. shape]).ToMessage();

        var error = await Assert.ThrowsAsync<RpcException>(() => worker.DenoiseAsync(job));

        Assert.Equal("Every number must be finite as Float16.", Assert.Single(RichErrors.Problems(error)).Description);
    }

    private static Tensor Numbers(float value, int channels) => TinyWorker.Filled(value, 1, channels, TinyWorker.Side, TinyWorker.Side).ToMessage();

    private static Tensor Wide() => TinyWorker.Filled(0, 1, 2, TinyUnet.ContextWidth + 1).ToMessage();

    private static SourcePicture Source(DenoiseJob job) =>
        job.Source = new SourcePicture { Latents = TinyWorker.Distribution(1), Strength = 1 };

    private static Inpainting Inpainting(DenoiseJob job)
    {
        Source(job);
        return job.Inpainting = TinyWorker.Inpainting();
    }
}
