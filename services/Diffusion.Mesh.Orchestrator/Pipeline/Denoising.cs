using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What a UNet worker made of a job.</summary>
/// <param name="Latents">float32 [images, channels, height, width].</param>
internal sealed record DenoisedLatents(Tensor Latents, IReadOnlyList<string> Warnings);

/// <summary>Noise to latents: follows a job on a UNet worker, and takes it to another one when the first is lost or drains.</summary>
internal sealed class Denoising(WorkerCalls workers, ServiceTelemetry telemetry)
{
    // Work lost with a worker is at most this many evaluations; a state costs less than one.
    private const uint StateEvery = 5;

    public async Task<DenoisedLatents> DenoiseAsync(Job job, EncodedPrompts prompts)
    {
        using var span = telemetry.Start(TelemetryNames.DenoiseSpan);
        var message = Message(job, prompts);
        var steps = new StepReport(job, telemetry, span?.Context ?? default);
        return await workers.CallAsync<DenoisedLatents>(WorkerRole.Unet, (worker, attempt) =>
        {
            message.Epoch = (ulong)attempt;
            return FollowAsync(worker, attempt, job, message, steps);
        });
    }

    private static async Task<DenoisedLatents?> FollowAsync(Worker worker, int attempt, Job job, DenoiseJob message, StepReport steps)
    {
        using var call = new Unet.UnetClient(worker.Invoker).Denoise(deadline: job.Deadline.UtcDateTime, cancellationToken: job.Cancellation);
        await call.RequestStream.WriteAsync(new DenoiseRequest { Job = message }, job.Cancellation);
        var accepted = new DenoiseAccepted();
        (bool Ended, DenoisedLatents? Denoised) end = default;
        // Read beyond the last message: a stream that is left before its end counts as cancelled.
        await foreach (var response in call.ResponseStream.ReadAllAsync(job.Cancellation))
        {
            switch (response.ResponseCase)
            {
                case DenoiseResponse.ResponseOneofCase.Accepted:
                    accepted = response.Accepted;
                    break;
                case DenoiseResponse.ResponseOneofCase.Progress:
                    steps.Report(response.Progress.Evaluations, accepted.Worker, attempt);
                    break;
                case DenoiseResponse.ResponseOneofCase.State:
                    message.State = response.State;
                    break;
                case DenoiseResponse.ResponseOneofCase.Denoised:
                    end = (true, new DenoisedLatents(response.Denoised.Latents, accepted.Warnings));
                    break;
                case DenoiseResponse.ResponseOneofCase.HandedBack:
                    if (response.HandedBack.State is { } state)
                        message.State = state;
                    end = (true, null);
                    break;
            }
        }

        return end.Ended ? end.Denoised : throw new RpcException(new Status(StatusCode.Unavailable, "The stream ended without a result."));
    }

    private static DenoiseJob Message(Job job, EncodedPrompts prompts)
    {
        var request = job.Request;
        return new DenoiseJob
        {
            JobId = job.Id,
            Deadline = job.Deadline.ToTimestamp(),
            Priority = request.Priority,
            Model = request.Model.Name,
            ModelRevision = request.Model.Revision,
            Positive = prompts.Positive.Conditioning,
            Negative = prompts.Negative?.Conditioning,
            Guidance = new Guidance { Scale = request.GuidanceScale },
            Schedule = request.Schedule,
            Sampler = request.SamplerChoice,
            LatentHeight = (uint)(request.Height / request.Model.Vae.Scale),
            LatentWidth = (uint)(request.Width / request.Model.Vae.Scale),
            Noise = new NoiseStream { Seed = request.Seed, Images = (uint)request.Count },
            StateEvery = StateEvery,
        };
    }
}
