using Diffusion.Mesh.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Diffusion.Mesh.Fuzz;

/// <summary>Good messages to begin from.</summary>
internal static class Messages
{
    private const string Model = "shapes";
    private const int Channels = 8;
    private const int Latents = 4;
    private const int Window = 32;
    private const int Width = 128;

    public static GenerateRequest Generate(Dice dice)
    {
        var request = new GenerateRequest
        {
            Prompt = "a large red circle on a white background",
            Width = 64,
            Height = 64,
            Seed = 7,
            Schedule = new Schedule { Steps = 1 + dice.Below(2) },
            Sampler = new Sampler { Name = dice.Pick(["", "ddim", "euler", "euler_a", "dpmpp_2m"]) },
        };
        switch (dice.Below(8))
        {
            case 0:
                (request.Source, request.Strength) = (Source(dice, withMask: false), 1);
                break;
            case 1:
                (request.Source, request.Composite) = (Source(dice, withMask: true), dice.Chance(0.5));
                break;
            case 2:
                request.ImagePrompt = new ImagePrompt { Image = UnsafeByteOperations.UnsafeWrap(dice.Pick(Pictures.Good)), TextWeight = 0.5 };
                break;
            case 3:
                (request.Candidates, request.Count) = (2, 1);
                break;
            case 4:
                request.Previews = new PreviewOptions { Every = 1, FullDecode = dice.Chance(0.5) };
                break;
            case 5:
                (request.Prompt, request.GuidanceScale) = ("", 1);
                request.Conditioning = new OutsideConditioning { Positive = Conditioning() };
                break;
            default:
                request.ImageOptions = new ImageOptions { Format = ImageFormat.Png, Text = { ["Title"] = "x" } };
                break;
        }

        return request;
    }

    public static EncodeTextRequest EncodeText() => new() { Model = Model, Texts = { "a red circle", "" }, Options = new TextOptions { ClipSkip = 1 } };

    public static EncodeImageRequest EncodeImage(Dice dice) =>
        new() { Model = Model, Image = UnsafeByteOperations.UnsafeWrap(dice.Pick(Pictures.Good)), Text = "red", TextWeight = 0.5 };

    public static EncodeImageToLatentsRequest EncodeLatents(Dice dice) => new() { Model = Model, Picture = Source(dice, withMask: dice.Chance(0.5)) };

    public static DecodeRequest Decode(Dice dice)
    {
        var isQuick = dice.Chance(0.3);
        return new DecodeRequest
        {
            Model = Model,
            Latents = Tensor(1, Channels, Latents, Latents),
            Options = new ImageOptions { Format = dice.Pick([ImageFormat.Png, ImageFormat.Jpeg, ImageFormat.Webp]) },
            QuickLook = isQuick,
            Composite = !isQuick && dice.Chance(0.3) ? Source(dice, withMask: true) : null,
        };
    }

    /// <summary>A job from noise, or from a state.</summary>
    /// <param name="revision">Of the model.</param>
    public static DenoiseJob Denoise(Dice dice, string revision)
    {
        var job = new DenoiseJob
        {
            JobId = $"fuzz-{dice.Below(int.MaxValue)}",
            Epoch = 1,
            Model = Model,
            ModelRevision = revision,
            Positive = Conditioning(),
            Guidance = new Guidance { Scale = 1 },
            Schedule = new Schedule { Steps = 2 },
            Sampler = new Sampler { Name = "ddim" },
            LatentHeight = Latents,
            LatentWidth = Latents,
            StateEvery = 1,
            PreviewEvery = 1,
            Deadline = Timestamp.FromDateTimeOffset(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)),
        };
        var noise = new NoiseStream { Seed = 1, Images = 1 };
        if (dice.Chance(0.5))
            job.Noise = noise;
        else
            job.State = State(noise, revision);
        if (dice.Chance(0.2))
            job.Source = new SourcePicture { Latents = new LatentDistribution { Mean = Tensor(1, Channels, Latents, Latents) }, Strength = 1 };
        if (job.Source is not null && dice.Chance(0.5))
            job.Inpainting = new Inpainting { Mask = Tensor(1, 1, Latents, Latents) };
        return job;
    }

    private static SamplerState State(NoiseStream noise, string revision)
    {
        noise.NumbersDrawn = Channels * Latents * Latents;
        return new SamplerState
        {
            FormatVersion = 1,
            ModelRevision = revision,
            ExecutionProvider = "cpu",
            Sampler = "ddim",
            Position = 1,
            Latents = Tensor(1, Channels, Latents, Latents),
            Noise = noise,
        };
    }

    private static PictureInput Source(Dice dice, bool withMask) => new()
    {
        Image = UnsafeByteOperations.UnsafeWrap(dice.Pick(Pictures.Good)),
        Mask = withMask ? UnsafeByteOperations.UnsafeWrap(Pictures.Mask) : ByteString.Empty,
        Resize = dice.Pick([ResizeMode.Unspecified, ResizeMode.Crop, ResizeMode.Pad]),
    };

    private static Conditioning Conditioning() =>
        new() { Tensors = { new NamedTensor { Name = "encoder_hidden_states", Tensor = Tensor(1, Window, Width) } } };

    private static Tensor Tensor(params long[] shape)
    {
        var tensor = new Tensor { Dtype = DataType.Float32, Data = UnsafeByteOperations.UnsafeWrap(new byte[sizeof(float) * shape.Aggregate(1L, (a, b) => a * b)]) };
        tensor.Shape.AddRange(shape);
        return tensor;
    }
}
