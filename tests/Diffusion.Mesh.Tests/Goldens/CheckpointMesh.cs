using Diffusion.Mesh.Cli;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.Import;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;
using Grpc.AspNetCore.Server;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Tests;

/// <summary>The four services on models that were imported from a family's checkpoint, one for each layout.</summary>
internal sealed class CheckpointMesh : IAsyncDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mesh-checkpoint-");
    private readonly ErrorLog _errors = new();
    private readonly LatentRecorder _recorder = new();
    private EmbeddedCluster? _cluster;
    private GrpcChannel? _channel;

    private CheckpointMesh()
    {
    }

    /// <summary>The imported models.</summary>
    public IEnumerable<ModelFacts> Models =>
        _root.EnumerateDirectories().Select(folder => ModelFolder.Read(folder.FullName)).OrderBy(model => model.Name);

    /// <summary>Imports what the family has and starts the services.</summary>
    public static async Task<CheckpointMesh> StartAsync(GoldenFolder family)
    {
        var mesh = new CheckpointMesh();
        try
        {
            mesh.Import(family);
            await mesh.StartAsync();
            return mesh;
        }
        catch
        {
            await mesh.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a call's pictures with one of the models.</summary>
    public Task<(TensorData Latents, Picture[] Pictures)> RunAsync(GoldenCase golden, ModelFacts model) => RunAsync(golden.Request(model.Name, model.Scheduler));

    /// <summary>Makes a request's pictures.</summary>
    public async Task<(TensorData Latents, Picture[] Pictures)> RunAsync(GenerateRequest request)
    {
        var pictures = await new Generation.GenerationClient(_channel).PicturesAsync(request);
        return (TensorMessages.Read(_recorder.Latents, out _)!, pictures);
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        _root.Delete(recursive: true);
        Assert.True(_errors.Entries.Count == 0, $"The services logged errors: {string.Join(Environment.NewLine, _errors.Entries)}");
    }

    private void Import(GoldenFolder family)
    {
        foreach (var (layout, path) in family.Checkpoints)
        {
            // A tiny single file says of itself neither its heads nor its tokenizer.
            var config = Directory.Exists(path) ? null : family.CheckpointFolder;
            var request = new ImportRequest(path, Path.Combine(_root.FullName, layout)) { Config = config };
            ModelImporter.Import(request, new Unobserved(), CancellationToken.None);
        }
    }

    private async Task StartAsync()
    {
        var options = new ServiceOptions { Grpc = ListenAddress.AnyLoopback, Models = _root.FullName, Name = "test" };
        _cluster = await EmbeddedCluster.StartAsync(
            options,
            builder =>
            {
                builder.Logging.ClearProviders().AddProvider(_errors);
                builder.Services.AddSingleton(_recorder);
                builder.Services.Configure<GrpcServiceOptions>(grpc => grpc.Interceptors.Add<LatentRecorder>());
            },
            CancellationToken.None);
        _channel = GrpcChannel.ForAddress(_cluster.Address, new GrpcChannelOptions { MaxReceiveMessageSize = MessageLimits.Largest });
    }

    private sealed class Unobserved : IImportObserver
    {
        public void Recognized(IReadOnlyList<string> evidence)
        {
        }

        public void Progress(double done)
        {
        }
    }
}
