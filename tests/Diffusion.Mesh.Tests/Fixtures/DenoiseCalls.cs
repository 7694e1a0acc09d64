using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Tests;

/// <summary>All that a worker told of a job.</summary>
internal sealed class DenoiseReport
{
    public DenoiseAccepted? Accepted { get; set; }

    public List<Evaluation> Evaluations { get; } = [];

    public List<SamplerState> States { get; } = [];

    public Tensor? Latents { get; set; }

    public HandedBack? HandedBack { get; set; }
}

/// <summary>Calls <c>Unet.Denoise</c> as the orchestrator does.</summary>
internal static class DenoiseCalls
{
    /// <summary>Follows a job to its end.</summary>
    public static async Task<DenoiseReport> DenoiseAsync(this V1.Unet.UnetClient client, DenoiseJob job)
    {
        using var call = await client.BeginAsync(job);
        return await call.FollowAsync(_ => { });
    }

    /// <summary>Sends a job.</summary>
    public static async Task<AsyncDuplexStreamingCall<DenoiseRequest, DenoiseResponse>> BeginAsync(this V1.Unet.UnetClient client, DenoiseJob job)
    {
        var call = client.Denoise();
        await call.RequestStream.WriteAsync(new DenoiseRequest { Job = job });
        return call;
    }

    /// <summary>Follows a job to its end, looking at each message.</summary>
    public static async Task<DenoiseReport> FollowAsync(
        this AsyncDuplexStreamingCall<DenoiseRequest, DenoiseResponse> call, Action<DenoiseResponse> look)
    {
        var report = new DenoiseReport();
        await foreach (var response in call.ResponseStream.ReadAllAsync())
        {
            look(response);
            report.Accepted ??= response.Accepted;
            report.Evaluations.AddRange(response.Progress?.Evaluations ?? []);
            if (response.State is { } state)
                report.States.Add(state);
            report.Latents ??= response.Denoised?.Latents;
            report.HandedBack ??= response.HandedBack;
        }

        return report;
    }
}
