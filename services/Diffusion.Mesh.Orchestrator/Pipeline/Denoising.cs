using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What a UNet worker made of a job.</summary>
/// <param name="Latents">float32 [images, channels, height, width].</param>
internal sealed record DenoisedLatents(Tensor Latents, IReadOnlyList<string> Warnings);

/// <summary>Noise to latents: follows a job on a UNet worker, and takes it to another one when the first is lost or drains.</summary>
internal sealed class Denoising(
    WorkerCalls workers, DenoisePace pace, ServiceOptions options, ServiceTelemetry telemetry, RunMetrics metrics, TimeProvider time)
{
    // Where states are wanted by time, each step's is sent, and those between are not written.
    private readonly uint _stateEvery = options.CheckpointTime > TimeSpan.Zero ? 1 : (uint)options.CheckpointSteps;

    public async Task<DenoisedLatents> DenoiseAsync(Job job, JobConditioning conditioning, Canvas canvas, Previewing previews)
    {
        using var span = telemetry.Start(TelemetryNames.DenoiseSpan);
        var message = Message(job, conditioning, canvas);
        var steps = new StepReport(job, pace, span?.Context ?? default);
        var states = new StateReport(job, time);
        var count = new RunCount(job, metrics);
        var call = WorkerCall.For(WorkerRole.Unet, job) with { Work = Work(job, message) };
        try
        {
            return await workers.CallAsync<DenoisedLatents>(call, attempt => FollowAsync(attempt, job, message, steps, states, previews, count));
        }
        finally
        {
            job.Steps.Settle();
        }
    }

    private static LatentWork Work(Job job, DenoiseJob message) => new(
        message.LatentHeight,
        message.LatentWidth,
        (uint)job.Request.Images * (message.Negative is null ? 1u : 2u),
        (uint)job.Request.Sampler.Evaluations.Count);

    private static async Task<DenoisedLatents?> FollowAsync(
        WorkerAttempt attempt, Job job, DenoiseJob message, StepReport steps, StateReport states, Previewing previews, RunCount count)
    {
        message.Epoch = attempt.Epoch;
        using var call = new Unet.UnetClient(attempt.Invoker).Denoise(attempt.Options);
        await SendAsync(() => call.RequestStream.WriteAsync(new DenoiseRequest { Job = message }, attempt.Cancellation));
        using var handOver = job.OnHandOver(() => _ = SendAsync(() => call.RequestStream.WriteAsync(new DenoiseRequest { HandBack = new HandBackDenoise() })));
        var accepted = new DenoiseAccepted();
        (bool Ended, DenoisedLatents? Denoised) end = default;
        // Read beyond the last message: a stream that is left before its end counts as cancelled.
        await foreach (var response in call.ResponseStream.ReadAllAsync(attempt.Cancellation))
        {
            switch (response.ResponseCase)
            {
                case DenoiseResponse.ResponseOneofCase.Accepted:
                    accepted = response.Accepted;
                    attempt.Accept();
                    count.Accepted();
                    break;
                case DenoiseResponse.ResponseOneofCase.Progress:
                    steps.Report(response.Progress.Evaluations, accepted, attempt.Number);
                    count.Evaluated(response.Progress.Evaluations);
                    break;
                case DenoiseResponse.ResponseOneofCase.State:
                    message.State = response.State;
                    states.Report(response.State, attempt.Number);
                    break;
                case DenoiseResponse.ResponseOneofCase.Preview:
                    previews.Offer(response.Preview);
                    break;
                case DenoiseResponse.ResponseOneofCase.Denoised:
                    end = (true, new DenoisedLatents(response.Denoised.Latents, accepted.Warnings));
                    break;
                case DenoiseResponse.ResponseOneofCase.HandedBack:
                    if (response.HandedBack.State is { } state)
                    {
                        message.State = state;
                        states.Report(state, attempt.Number);
                    }

                    end = (true, null);
                    break;
            }

            // Servers bear only so many streams whose other half stays open.
            if (end.Ended)
                await SendAsync(call.RequestStream.CompleteAsync);
        }

        // Nobody here goes on with what was given back for others.
        if (end is { Ended: true, Denoised: null } && job.Reason == StopReason.HandedOver)
            throw new OperationCanceledException();
        return end.Ended ? end.Denoised : throw new RpcException(new Status(StatusCode.Unavailable, "The stream ended without a result."));
    }

    // A call that has ended meanwhile tells why on its other half.
    private static async Task SendAsync(Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (Exception e) when (e is RpcException or IOException or HttpRequestException or InvalidOperationException)
        {
        }
    }

    private DenoiseJob Message(Job job, JobConditioning conditioning, Canvas canvas)
    {
        var request = job.Request;
        var message = new DenoiseJob
        {
            JobId = job.Id,
            Deadline = job.Deadline.ToTimestamp(),
            Priority = request.Priority,
            Model = request.Model.Name,
            ModelRevision = request.Model.Revision,
            Positive = ConditioningInputs.Complete(conditioning.Positive, request, canvas.Width, canvas.Height),
            Guidance = request.Guidance,
            Schedule = request.Schedule,
            Sampler = request.SamplerChoice,
            LatentHeight = canvas.Height / (uint)request.Model.Scale,
            LatentWidth = canvas.Width / (uint)request.Model.Scale,
            Noise = new NoiseStream { Seed = request.Seed, Images = (uint)request.Images },
            StateEvery = _stateEvery,
            PreviewEvery = (uint)(request.Previews?.Every ?? 0),
        };
        if (conditioning.Negative is { } negative)
            message.Negative = ConditioningInputs.Complete(negative, request, canvas.Width, canvas.Height);
        if (canvas.Source is { } source)
            message.Source = new SourcePicture { Latents = source.Latents, Strength = request.Source!.Strength };
        if (canvas.Source is { Mask: { } mask, Masked: { } masked })
            message.Inpainting = new Inpainting { Mask = mask, Masked = masked };
        // In the place of the noise: an earlier owner has begun.
        if (job.Checkpoint is { } checkpoint)
            message.State = checkpoint.State;
        return message;
    }
}
