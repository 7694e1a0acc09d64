using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.TextEncoder.Tests;

/// <summary>The service over real gRPC, on <see cref="TestModels"/>.</summary>
public sealed class TextEncoderServer : IAsyncLifetime
{
    private readonly WebApplication _service;
    private GrpcChannel? _channel;

    public TextEncoderServer() => _service = MeshHost.Build(
        new TextEncoderRole(),
        new ServiceOptions { Grpc = ListenAddress.AnyLoopback, Models = Models.Root, Name = "text-encoder-1" },
        b => b.Logging.ClearProviders());

    public V1.TextEncoder.TextEncoderClient Client { get; private set; } = null!;

    internal TestModels Models { get; } = new();

    public async Task InitializeAsync()
    {
        await _service.StartAsync();
        await _service.Services.GetRequiredService<Readiness>().WhenReady;
        _channel = GrpcChannel.ForAddress(
            Listeners.GrpcAddress(_service), new GrpcChannelOptions { MaxReceiveMessageSize = MessageLimits.Largest });
        Client = new(_channel);
    }

    public async Task DisposeAsync()
    {
        _channel?.Dispose();
        await _service.DisposeAsync();
        Models.Dispose();
    }

    /// <summary>Encodes one text.</summary>
    public async Task<EncodedText> EncodeAsync(string model, string text, TextOptions? options = null) =>
        Assert.Single((await Client.EncodeTextAsync(new EncodeTextRequest { Model = model, Texts = { text }, Options = options })).Texts);

    /// <summary>The fields that a request is refused for, in order.</summary>
    public static async Task<IReadOnlyList<FieldProblem>> ProblemsAsync<T>(AsyncUnaryCall<T> call)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        return RichErrors.Problems(error);
    }
}

[CollectionDefinition(Name)]
public sealed class TextEncoderCollection : ICollectionFixture<TextEncoderServer>
{
    public const string Name = "text encoder";
}
