using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Diffusion.Mesh.Vae.Tests;

/// <summary>A VAE service on a free port, with every model of <see cref="TestModels"/>.</summary>
public sealed class VaeServer : IAsyncLifetime
{
    public const int MaxSide = 512;
    public const int MaxPixels = 200_000;

    private readonly TestModels _models = new();
    private WebApplication? _app;
    private GrpcChannel? _channel;

    public V1.Vae.VaeClient Client => new(_channel!);

    public async Task InitializeAsync()
    {
        var options = new ServiceOptions
        {
            Grpc = ListenAddress.AnyLoopback, Models = _models.Root, MaxSide = MaxSide, MaxPixels = MaxPixels,
        };
        _app = MeshHost.Build(new VaeRole(), options, builder => builder.Logging.ClearProviders());
        await _app.StartAsync();
        await _app.Services.GetRequiredService<Readiness>().WhenReady;
        _channel = GrpcChannel.ForAddress(Listeners.GrpcAddress(_app), new GrpcChannelOptions { MaxSendMessageSize = null, MaxReceiveMessageSize = null });
    }

    public async Task DisposeAsync()
    {
        _channel!.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _models.Dispose();
    }

    /// <summary>A decoded picture's file.</summary>
    public async Task<byte[]> DecodeFileAsync(DecodeRequest request)
    {
        using var call = Client.Decode(request);
        var file = new MemoryStream();
        await foreach (var chunk in call.ResponseStream.ReadAllAsync())
            file.Write(chunk.Data.Span);
        return file.ToArray();
    }

    public async Task<Picture> DecodeAsync(DecodeRequest request) => PictureFile.Read(await DecodeFileAsync(request), new PictureLimits());

    /// <summary>The wrong fields that a decode is refused for.</summary>
    public async Task<IReadOnlyList<FieldProblem>> DecodeProblemsAsync(DecodeRequest request) => Problems(
        await Assert.ThrowsAsync<RpcException>(() => DecodeFileAsync(request)));

    /// <summary>The wrong fields that an encode is refused for.</summary>
    public async Task<IReadOnlyList<FieldProblem>> EncodeProblemsAsync(PictureInput? picture) => Problems(
        await Assert.ThrowsAsync<RpcException>(() => EncodeAsync(TestModels.Latent, picture)));

    public async Task<EncodeImageToLatentsResponse> EncodeAsync(string model, PictureInput? picture) =>
        await Client.EncodeAsync(new EncodeImageToLatentsRequest { Model = model, Picture = picture });

    private static IReadOnlyList<FieldProblem> Problems(RpcException error)
    {
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        return RichErrors.Problems(error);
    }
}

[CollectionDefinition(Name)]
public sealed class VaeServerCollection : ICollectionFixture<VaeServer>
{
    public const string Name = "a running VAE";
}
