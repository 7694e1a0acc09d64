using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;
using Grpc.Core;

namespace Diffusion.Mesh.Unet;

/// <summary>The edge: one job a stream.</summary>
internal sealed class DenoiseService(
    DenoiseJobParser parser, DenoiseLoop loop, RunningJobs running, Admission admission, ServiceOptions options, TimeProvider time)
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
        using var cancelled = new CancellationTokenSource();
        using var deadline = new CancellationTokenSource(Remaining(job), time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, superseded.Token, cancelled.Token, deadline.Token);
        using var entry = running.Enter(job.Id, job.Epoch, superseded);
        await responseStream.WriteAsync(Accepted(job), any.Token);

        var control = ReadControlAsync(requestStream, cancelled, any.Token);
        var outbox = new DenoiseOutbox();
        var run = RunAsync(job, outbox, any.Token);
        try
        {
            await outbox.SendAsync(responseStream, any.Token);
            await run;
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
            // Nothing outlasts the call: Kestrel gives its request stream to a later one, and the latents are in use until the current step ends.
            await any.CancelAsync();
            await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await control;
        }
    }

    private async Task RunAsync(ValidDenoiseJob job, DenoiseOutbox outbox, CancellationToken cancellation)
    {
        try
        {
            await loop.RunAsync(job, outbox, cancellation);
        }
        catch (Exception e)
        {
            outbox.Fail(e);
            throw;
        }
    }

    private static async Task ReadControlAsync(
        IAsyncStreamReader<DenoiseRequest> stream, CancellationTokenSource cancelled, CancellationToken over)
    {
        try
        {
            while (await stream.MoveNext(over))
            {
                if (stream.Current.Cancel is not null)
                    await cancelled.CancelAsync();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or RpcException)
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

    private DenoiseResponse Accepted(ValidDenoiseJob job)
    {
        var accepted = new DenoiseAccepted
        {
            Worker = options.Name,
            Evaluations = (uint)job.Sampler.Evaluations.Count,
            ExecutionProvider = options.Provider,
        };
        accepted.Warnings.AddRange(job.Warnings);
        return new DenoiseResponse { Accepted = accepted };
    }
}
