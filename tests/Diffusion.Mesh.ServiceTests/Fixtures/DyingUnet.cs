using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Stands before a real UNet worker and tears its connection in the middle of a run, as a worker does that is killed. It tells that it is idle.</summary>
internal static class DyingUnet
{
    /// <param name="real">The worker that does the work.</param>
    /// <param name="evaluations">How many are told of before the end.</param>
    public static FakeUnet Before(GrpcChannel real, int evaluations) => new(async call =>
    {
        using var inner = new V1.Unet.UnetClient(real).Denoise(cancellationToken: call.Context.CancellationToken);
        await inner.RequestStream.WriteAsync(new DenoiseRequest { Job = call.Job });
        var told = 0;
        await foreach (var response in inner.ResponseStream.ReadAllAsync())
        {
            var left = evaluations - told;
            if (response.Progress is { } progress && progress.Evaluations.Count > left)
                response.Progress = new DenoiseProgress { Evaluations = { progress.Evaluations.Take(left) } };
            told += response.Progress?.Evaluations.Count ?? 0;
            await call.Responses.WriteAsync(response);
            if (told < evaluations)
                continue;
            call.Context.GetHttpContext().Abort();
            return;
        }
    })
    { Load = new FakeLoad() };
}
