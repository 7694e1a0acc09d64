using Diffusion.Mesh.Cli;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Unet.Tests;
using Diffusion.Mesh.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Tests.Features;

/// <summary>The four services on models that lack parts: one without text, one without text and VAE.</summary>
public sealed class TinyCluster : IAsyncLifetime
{
    public const string Unconditional = "unconditional";
    public const string OnPixels = "pixels";

    private const int Channels = 8;

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("mesh-tiny-");
    private EmbeddedCluster? _cluster;
    private GrpcChannel? _channel;

    public Generation.GenerationClient Generation { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var unconditional = Folder(Unconditional);
        new TinyModel { Unet = Unet(Channels), LatentChannels = Channels, Prediction = "epsilon" }.Write(unconditional);
        foreach (var part in new[] { "vae_decoder", "vae_encoder" })
            Link(part, unconditional);
        new TinyModel { Unet = Unet(3), LatentChannels = 0, Prediction = "epsilon" }.Write(Folder(OnPixels));

        var options = new ServiceOptions
        {
            Grpc = ListenAddress.AnyLoopback,
            Models = _root.FullName,
            Model = [Unconditional, OnPixels],
            Name = "tiny",
        };
        _cluster = await EmbeddedCluster.StartAsync(options, builder => builder.Logging.ClearProviders(), CancellationToken.None);
        _channel = GrpcChannel.ForAddress(_cluster.Address);
        Generation = new(_channel);
    }

    public async Task DisposeAsync()
    {
        _channel?.Dispose();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        _root.Delete(recursive: true);
    }

    private static TinyUnet Unet(int channels) => new() { InChannels = channels, OutChannels = channels, Context = null };

    private string Folder(string name) => Path.Combine(_root.FullName, name);

    // The default model's VAE.
    private static void Link(string part, string folder)
    {
        var target = Directory.CreateDirectory(Path.Combine(folder, part)).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(MeshFixture.ModelsRoot, "shapes", part)))
        {
            var link = Path.Combine(target, Path.GetFileName(file));
            File.Delete(link);
            File.CreateSymbolicLink(link, file);
        }
    }
}
