using Microsoft.ML.OnnxRuntime;
using Xunit;

namespace Diffusion.Mesh.StandIns.Tests;

public sealed class OnnxRuntimeSessionTests
{
    private const int Channels = 8;
    private const int LatentSide = 8;
    private const int ImageSide = 128;

    [Fact]
    public void Instance_NativeLibrary_IsTheVersionOfTheSources()
    {
        Assert.Equal("1.29.0", OrtEnv.Instance().GetVersionString());
        Assert.Contains("CPUExecutionProvider", OrtEnv.Instance().GetAvailableProviders());
    }

    [Fact]
    public void InputMetadata_VaeDecoder_NamesItsTensors()
    {
        using var session = Open();

        Assert.Equal([-1, Channels, -1, -1], session.InputMetadata["latent_sample"].Dimensions);
        Assert.Equal([-1, 3, -1, -1], session.OutputMetadata["sample"].Dimensions);
    }

    [Fact]
    public void Run_VaeDecoder_ReturnsAnImageThatDependsOnTheLatents()
    {
        using var session = Open();

        var gray = Decode(session, latent: 0);
        var other = Decode(session, latent: 1);

        Assert.Equal(3 * ImageSide * ImageSide, gray.Length);
        Assert.All(gray, value => Assert.InRange(value, -4f, 4f));
        Assert.NotEqual(gray, other);
        Assert.Equal(gray, Decode(session, latent: 0));
    }

    [Fact]
    public void Run_WrongChannels_ThrowsOnnxRuntimeException()
    {
        using var session = Open();
        using var options = new RunOptions();
        using var latents = OrtValue.CreateTensorValueFromMemory(new float[4], [1, 1, 2, 2]);

        Assert.Throws<OnnxRuntimeException>(() => session.Run(options, ["latent_sample"], [latents], ["sample"]));
    }

    private static InferenceSession Open()
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return new InferenceSession(Path.Combine(AppContext.BaseDirectory, "models", "vae_decoder.onnx"), options);
    }

    private static float[] Decode(InferenceSession session, float latent)
    {
        var data = new float[Channels * LatentSide * LatentSide];
        Array.Fill(data, latent);
        using var options = new RunOptions();
        using var latents = OrtValue.CreateTensorValueFromMemory(data, [1, Channels, LatentSide, LatentSide]);
        using var results = session.Run(options, ["latent_sample"], [latents], ["sample"]);

        Assert.Equal([1, 3, ImageSide, ImageSide], results[0].GetTensorTypeAndShape().Shape);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
