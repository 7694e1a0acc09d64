using System.Collections.Concurrent;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>A worker on the real host whose service is a test's own.</summary>
/// <param name="load">What it tells of its load; null: nothing, as a worker that does not serve it.</param>
internal sealed class FakeRole<TService>(TService service, string grpcService, FakeLoad? load = null) : ServiceRole
    where TService : class
{
    public override string Name => "fake";

    public override string Description => "Does what a test says.";

    public override int DefaultPort => 0;

    public override string SourceName => "Diffusion.Mesh.Fake";

    public override string GrpcService => grpcService;

    public override void AddServices(WebApplicationBuilder builder, ServiceOptions options)
    {
        builder.Services.AddSingleton(service);
        if (load is not null)
            builder.Services.AddSingleton(load);
    }

    public override void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<TService>();
        if (load is not null)
            endpoints.MapGrpcService<FakeLoad>();
    }
}

/// <summary>A UNet worker that follows a script.</summary>
internal sealed class FakeUnet(Func<FakeDenoising, Task> script) : V1.Unet.UnetBase
{
    private readonly ConcurrentQueue<DenoiseJob> _jobs = new();

    /// <summary>What it tells of its load; null: nothing.</summary>
    public FakeLoad? Load { get; init; }

    /// <summary>The jobs that came, in order.</summary>
    public IReadOnlyCollection<DenoiseJob> Jobs => _jobs;

    /// <param name="grpc">Where it listens; null: at a free port.</param>
    public Task<RunningService> StartAsync(ErrorLog log, ListenAddress? grpc = null) => RunningService.StartAsync(
        new FakeRole<FakeUnet>(this, V1.Unet.Descriptor.FullName, Load),
        log,
        new ServiceOptions { Grpc = grpc ?? ListenAddress.AnyLoopback },
        ready: false);

    public override async Task Denoise(
        IAsyncStreamReader<DenoiseRequest> requestStream, IServerStreamWriter<DenoiseResponse> responseStream, ServerCallContext context)
    {
        Assert.True(await requestStream.MoveNext(context.CancellationToken));
        _jobs.Enqueue(requestStream.Current.Job);
        await script(new FakeDenoising(requestStream.Current.Job, requestStream, responseStream, context));
    }
}

/// <summary>One call of a scripted UNet worker.</summary>
internal sealed record FakeDenoising(
    DenoiseJob Job, IAsyncStreamReader<DenoiseRequest> Requests, IServerStreamWriter<DenoiseResponse> Responses, ServerCallContext Context)
{
    public Task AcceptAsync() => Responses.WriteAsync(new DenoiseResponse { Accepted = new DenoiseAccepted { Worker = "fake" } });

    /// <summary>Tells of one evaluation.</summary>
    public Task ProgressAsync(uint index)
    {
        var now = TimeProvider.System.GetUtcNow().ToTimestamp();
        var evaluation = new Evaluation { Index = index, Timestep = 999 - index, Started = now, Ended = now, Rows = 1, BatchRows = 1 };
        return Responses.WriteAsync(new DenoiseResponse { Progress = new DenoiseProgress { Evaluations = { evaluation } } });
    }

    /// <summary>Ends with latents, all zero.</summary>
    public Task FinishAsync() => Responses.WriteAsync(new DenoiseResponse
    {
        Denoised = new Denoised { Latents = Shapes.Zeros((int)Job.Noise.Images, Shapes.Facts.LatentChannels, 8, 8) },
    });

    /// <summary>Waits until the caller is gone or has cancelled.</summary>
    public async Task HangAsync()
    {
        var gone = new TaskCompletionSource();
        using var registration = Context.CancellationToken.Register(gone.SetResult);
        await gone.Task;
    }
}

/// <summary>A text encoder that gives zeros and counts its calls.</summary>
internal sealed class FakeTextEncoder : V1.TextEncoder.TextEncoderBase
{
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    public Task<RunningService> StartAsync(ErrorLog log) =>
        RunningService.StartAsync(new FakeRole<FakeTextEncoder>(this, V1.TextEncoder.Descriptor.FullName), log, ready: false);

    public override Task<EncodeTextResponse> EncodeText(EncodeTextRequest request, ServerCallContext context)
    {
        Interlocked.Increment(ref _calls);
        var response = new EncodeTextResponse();
        response.Texts.AddRange(request.Texts.Select(_ => new EncodedText { Conditioning = Shapes.Conditioning(), TokenCount = 3 }));
        return Task.FromResult(response);
    }
}

/// <summary>A VAE whose picture files are three bytes, sent in two pieces.</summary>
internal sealed class FakeVae : V1.Vae.VaeBase
{
    public Task<RunningService> StartAsync(ErrorLog log) =>
        RunningService.StartAsync(new FakeRole<FakeVae>(this, V1.Vae.Descriptor.FullName), log, ready: false);

    public override async Task Decode(DecodeRequest request, IServerStreamWriter<ImageChunk> responseStream, ServerCallContext context)
    {
        await responseStream.WriteAsync(new ImageChunk { TotalBytes = 3, Data = ByteString.CopyFrom(1, 2) });
        await responseStream.WriteAsync(new ImageChunk { TotalBytes = 3, Offset = 2, Data = ByteString.CopyFrom(3) });
    }
}
