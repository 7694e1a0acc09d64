using Diffusion.Mesh.Cli;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Tests;

/// <summary>The four services on a family's model, once with its own sampler and once with that of each call that replaced it.</summary>
public sealed class FamilyMesh : IAsyncDisposable
{
    private const string Own = "model";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mesh-family-");
    private readonly ErrorLog _errors = new();
    private EmbeddedCluster? _cluster;
    private GrpcChannel? _channel;

    private FamilyMesh()
    {
    }

    public Generation.GenerationClient Generation => new(_channel);

    internal static async Task<FamilyMesh> StartAsync(GoldenFolder family)
    {
        var mesh = new FamilyMesh();
        try
        {
            mesh.AddModels(family);
            await mesh.StartAsync();
            return mesh;
        }
        catch
        {
            await mesh.DisposeAsync();
            throw;
        }
    }

    /// <summary>Name of the model with the call's sampler.</summary>
    internal static string ModelOf(GoldenCase golden, string call) => golden.SchedulerConfig() is null ? Own : $"{Own}-{call}";

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        _root.Delete(recursive: true);
        Assert.True(_errors.Entries.Count == 0, $"The services logged errors: {string.Join(Environment.NewLine, _errors.Entries)}");
    }

    private void AddModels(GoldenFolder family)
    {
        ModelLinks.Make(family.Model, Path.Combine(_root.FullName, Own));
        foreach (var name in family.Calls())
        {
            var golden = new GoldenCase(family, name);
            if (golden.SchedulerConfig() is not { } scheduler)
                continue;
            var model = Path.Combine(_root.FullName, ModelOf(golden, name));
            ModelLinks.Make(family.Model, model);
            var file = Path.Combine(model, "scheduler", "scheduler_config.json");
            // Else the original behind the link would be written.
            File.Delete(file);
            File.WriteAllText(file, scheduler);
        }
    }

    private async Task StartAsync()
    {
        var options = new ServiceOptions { Grpc = ListenAddress.AnyLoopback, Models = _root.FullName, Name = "test" };
        _cluster = await EmbeddedCluster.StartAsync(
            options, builder => builder.Logging.ClearProviders().AddProvider(_errors), CancellationToken.None);
        _channel = GrpcChannel.ForAddress(_cluster.Address, new GrpcChannelOptions { MaxReceiveMessageSize = MessageLimits.Largest });
    }
}
