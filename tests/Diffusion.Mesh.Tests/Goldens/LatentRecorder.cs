using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Diffusion.Mesh.Tests;

/// <summary>Keeps the latents with which a UNet worker ended its last job: a picture shows only what 8 bits of each pixel hold.</summary>
internal sealed class LatentRecorder : Interceptor
{
    /// <summary>The last job's; null before the first.</summary>
    public Tensor? Latents { get; private set; }

    /// <inheritdoc/>
    public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation) =>
        continuation(requestStream, new Recorded<TResponse>(responseStream, this), context);

    private sealed class Recorded<TResponse>(IServerStreamWriter<TResponse> stream, LatentRecorder recorder) : IServerStreamWriter<TResponse>
    {
        public WriteOptions? WriteOptions
        {
            get => stream.WriteOptions;
            set => stream.WriteOptions = value;
        }

        public Task WriteAsync(TResponse message) => WriteAsync(message, CancellationToken.None);

        public Task WriteAsync(TResponse message, CancellationToken cancellationToken)
        {
            if (message is DenoiseResponse { Denoised: { } denoised })
                recorder.Latents = denoised.Latents.Clone();
            return stream.WriteAsync(message, cancellationToken);
        }
    }
}
