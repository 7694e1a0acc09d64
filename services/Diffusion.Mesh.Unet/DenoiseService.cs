using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;
using Grpc.Core;

namespace Diffusion.Mesh.Unet;

/// <summary>The edge: one job a stream.</summary>
internal sealed class DenoiseService(
    DenoiseJobParser parser, StepEngine engine, RunningJobs running, Admission admission, ServiceOptions options, TimeProvider time)
    : V1.Unet.UnetBase
{
    /// <inheritdoc/>
    public override async Task Denoise(
        IAsyncStreamReader<DenoiseRequest> requestStream, IServerStreamWriter<DenoiseResponse> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken) || requestStream.Current.Job is not { } message)
            throw RichErrors.BadRequest([new("job", "The first message of a stream must be the job.")]);
        using var place = admission.Enter();
        var job = parser.Parse(message);

        using var superseded = new CancellationTokenSource();
        using var stop = new CancellationTokenSource();
        using var deadline = new CancellationTokenSource(Remaining(job), time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, superseded.Token, stop.Token, deadline.Token);
        using var entry = running.Enter(job.Id, job.Epoch, superseded);
        var outbox = new DenoiseOutbox(Accepted(job), copy => StateMessages.Write(job, copy, options.Provider));
        var generation = engine.Enter(job, outbox, any.Token);
        var control = ReadControlAsync(requestStream, generation, stop);
        try
        {
            await outbox.SendAsync(responseStream, any.Token);
            await generation.Ended;
        }
        catch (OperationCanceledException) when (superseded.IsCancellationRequested)
        {
            throw new ServiceException(ServiceError.Superseded, $"Job {job.Id} was taken over under a higher epoch.");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"The deadline of job {job.Id} passed."));
        }
        finally
        {
            // The latents are in use until the current step ends. A read must not outlast its call either: the server uses the stream's pipe again for
            // the next call of the connection.
            await stop.CancelAsync();
            await generation.Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await control;
        }
    }

    private static async Task ReadControlAsync(
        IAsyncStreamReader<DenoiseRequest> stream, Generation generation, CancellationTokenSource stop)
    {
        try
        {
            while (await stream.MoveNext(stop.Token))
            {
                if (stream.Current.Cancel is not null)
                    await stop.CancelAsync();
                else if (stream.Current.HandBack is not null)
                    generation.HandBack();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException or RpcException)
        {
            // The call is over; what it came to is told on the other half of the stream.
        }
    }

    // Timers hold at most 49 days.
    private TimeSpan Remaining(ValidDenoiseJob job)
    {
        if (job.Deadline is not { } deadline)
            return Timeout.InfiniteTimeSpan;
        var remaining = deadline - time.GetUtcNow();
        return remaining < TimeSpan.Zero ? TimeSpan.Zero : remaining > TimeSpan.FromDays(40) ? Timeout.InfiniteTimeSpan : remaining;
    }

    private DenoiseAccepted Accepted(ValidDenoiseJob job)
    {
        var accepted = new DenoiseAccepted
        {
            Worker = options.Name,
            Evaluations = (uint)job.Evaluations,
            ExecutionProvider = options.Provider,
        };
        accepted.Warnings.AddRange(job.Warnings);
        return accepted;
    }
}
