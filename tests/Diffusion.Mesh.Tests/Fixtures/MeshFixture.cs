using Diffusion.Mesh.Cli;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Testing;
using Diffusion.Mesh.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Tests;

/// <summary>The four services on the default model, with a channel to each.</summary>
public sealed class MeshFixture : IAsyncLifetime
{
    private readonly ErrorLog _errors = new();
    private readonly List<GrpcChannel> _channels = [];
    private EmbeddedCluster? _cluster;

    /// <summary>The folder of model folders.</summary>
    public static string ModelsRoot { get; } = Path.Combine(TestFolders.Repository, "models");

    /// <summary>The default model.</summary>
    public ModelFacts Model { get; } = ModelFolder.Read(Path.Combine(ModelsRoot, "shapes"));

    public EmbeddedCluster Cluster => _cluster!;

    public Generation.GenerationClient Generation { get; private set; } = null!;

    public V1.TextEncoder.TextEncoderClient TextEncoder { get; private set; } = null!;

    public V1.Unet.UnetClient Unet { get; private set; } = null!;

    public V1.Vae.VaeClient Vae { get; private set; } = null!;

    /// <summary>Options of a service on the default model, at any free port.</summary>
    public static ServiceOptions Options(string name = "test") =>
        new() { Grpc = ListenAddress.AnyLoopback, Models = ModelsRoot, Model = ["shapes"], Name = name };

    public async Task InitializeAsync()
    {
        _cluster = await EmbeddedCluster.StartAsync(Options(), Configure, CancellationToken.None);
        Generation = new(Channel(_cluster.Address));
        TextEncoder = new(Channel(_cluster.TextEncoder));
        Unet = new(Channel(_cluster.Unet));
        Vae = new(Channel(_cluster.Vae));
    }

    public async Task DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        Assert.True(_errors.Entries.Count == 0, $"The services logged errors: {string.Join(Environment.NewLine, _errors.Entries)}");
    }

    /// <summary>A channel that lives as long as the fixture.</summary>
    public GrpcChannel Channel(Uri address)
    {
        var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { MaxReceiveMessageSize = MessageLimits.Largest });
        _channels.Add(channel);
        return channel;
    }

    private void Configure(WebApplicationBuilder builder) => builder.Logging.ClearProviders().AddProvider(_errors);
}
