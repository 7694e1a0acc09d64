using System.Text;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.TextEncoder;
using Diffusion.Mesh.Unet;
using Diffusion.Mesh.Vae;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Onnx;

namespace Diffusion.Mesh.Tests;

/// <summary>A worker whose part is broken says which, never serves, and stops.</summary>
public sealed class WorkerStartTests : IDisposable
{
    private readonly ModelCopy _copy = new();

    [Theory]
    [InlineData("unet", "unet/model.onnx")]
    [InlineData("vae", "vae_decoder/model.onnx")]
    [InlineData("vae", "vae_encoder/model.onnx")]
    [InlineData("text-encoder", "text_encoder/model.onnx")]
    [InlineData("text-encoder", "image_encoder/model.onnx")]
    [InlineData("text-encoder", "image_projection/model.onnx")]
    public async Task Start_GraphCutShortOrNoGraph_FailsNamingIt(string role, string part)
    {
        var graph = _copy.Read(part);
        _copy.Write(part, graph.AsSpan(0, graph.Length / 2));
        await AssertFailsAsync(role, part);
        _copy.Write(part, "no graph at all");
        await AssertFailsAsync(role, part);
    }

    [Theory]
    [InlineData("unet", "unet/model.onnx", "vae_decoder/model.onnx")]
    [InlineData("vae", "vae_decoder/model.onnx", "unet/model.onnx")]
    [InlineData("text-encoder", "text_encoder/model.onnx", "unet/model.onnx")]
    public async Task Start_GraphOfAnotherPart_FailsNamingIt(string role, string part, string other)
    {
        _copy.Write(part, _copy.Read(other));

        await AssertFailsAsync(role, part);
    }

    [Theory]
    [InlineData("tokenizer/vocab.json", "tokenizer")]
    [InlineData("tokenizer/merges.txt", "tokenizer")]
    [InlineData("feature_extractor/preprocessor_config.json", "feature_extractor/preprocessor_config.json")]
    public async Task Start_EncodersSmallFileBroken_FailsNamingIt(string file, string part)
    {
        _copy.Write(file, "{ broken");

        await AssertFailsAsync("text-encoder", part);
    }

    [Fact]
    public async Task Start_PreprocessorMissing_FailsNamingIt()
    {
        _copy.Delete("feature_extractor/preprocessor_config.json");

        await AssertFailsAsync("text-encoder", "feature_extractor/preprocessor_config.json");
    }

    [Fact]
    public async Task Start_GraphReplacedAfterItsFolderWasRead_FailsNamingIt()
    {
        _copy.Sum();

        await AssertFailsAsync("unet", "unet/model.onnx", () => _copy.Write("unet/model.onnx", _copy.Read("vae_decoder/model.onnx")));
    }

    [Theory]
    [InlineData("../../outside.bin")]
    [InlineData("link.bin")]
    public async Task Start_WeightsOutsideTheModel_FailsNamingTheGraph(string location)
    {
        var graph = ModelProto.Parser.ParseFrom(_copy.Read("unet/model.onnx"));
        var weight = graph.Graph.Initializer.MaxBy(w => w.RawData.Length)!;
        var outside = Path.Combine(_copy.Root, "outside.bin");
        File.WriteAllBytes(outside, weight.RawData.ToByteArray());
        _copy.Write("unet/inside.bin", weight.RawData.Span);
        File.CreateSymbolicLink(Path.Combine(_copy.Folder, "unet", "link.bin"), outside);
        weight.RawData = ByteString.Empty;
        var elsewhere = weight.Clone();

        // Beside the graph they may lie.
        weight.MergeFrom(External("inside.bin"));
        _copy.Write("unet/model.onnx", graph.ToByteArray());
        await using (var worker = MeshHost.Build(Role("unet"), Options(), builder => builder.Logging.ClearProviders()))
        {
            await worker.StartAsync();
            await worker.Services.GetRequiredService<Readiness>().WhenReady;
            await worker.StopAsync();
        }

        elsewhere.MergeFrom(External(location));
        graph.Graph.Initializer[graph.Graph.Initializer.IndexOf(weight)] = elsewhere;
        _copy.Write("unet/model.onnx", graph.ToByteArray());
        await AssertFailsAsync("unet", "unet/model.onnx");
    }

    public void Dispose() => _copy.Dispose();

    // Fields of TensorProto that the tests' contract leaves out: external_data = 13 with its key and value, and data_location = 14, EXTERNAL = 1.
    private static byte[] External(string location)
    {
        byte[] entry = [0x0a, 8, .. "location"u8, 0x12, (byte)location.Length, .. Encoding.ASCII.GetBytes(location)];
        return [0x6a, (byte)entry.Length, .. entry, 0x70, 1];
    }

    private async Task AssertFailsAsync(string role, string part, Action? meanwhile = null)
    {
        await using var worker = MeshHost.Build(Role(role), Options(), builder => builder.Logging.ClearProviders());
        meanwhile?.Invoke();
        var readiness = worker.Services.GetRequiredService<Readiness>();
        var stopping = new TaskCompletionSource();
        using var registration = worker.Lifetime.ApplicationStopping.Register(stopping.SetResult);
        try
        {
            await worker.StartAsync();
            var error = await Assert.ThrowsAsync<ModelFormatException>(() => readiness.WhenReady);
            await stopping.Task;

            Assert.Equal(part, error.Part);
            Assert.Contains(ModelCopy.Name, error.Message);
            Assert.False(readiness.IsReady);
            Assert.Equal(ServiceProgram.Failed, Environment.ExitCode);
        }
        finally
        {
            // The worker's, not the tests'.
            Environment.ExitCode = 0;
        }
    }

    private static ServiceRole Role(string name) => name switch
    {
        "unet" => new UnetRole(),
        "vae" => new VaeRole(),
        _ => new TextEncoderRole(),
    };

    private ServiceOptions Options() => new() { Grpc = ListenAddress.AnyLoopback, Models = _copy.Root };
}
