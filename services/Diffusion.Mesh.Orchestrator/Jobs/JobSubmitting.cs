using System.Diagnostics;
using System.Security.Cryptography;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Identity;
using Diffusion.Mesh.State;
using Diffusion.Mesh.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Puts requests into the queue.</summary>
internal sealed class JobSubmitting(IJobStore store, JobPlaces places, ServiceOptions options, Readiness readiness, TraceRing traces, TimeProvider time)
{
    /// <summary>Puts a job into the queue, or finds the one that has its request id.</summary>
    /// <param name="request">As it came.</param>
    /// <param name="valid">The same, parsed.</param>
    /// <param name="deadline">When the client stops waiting.</param>
    /// <returns>The job's id.</returns>
    /// <exception cref="ServiceException">The request id is another's, or the service is draining.</exception>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: too much is queued, or a quota is used up.</exception>
    public async Task<string> SubmitAsync(GenerateRequest request, ValidRequest valid, Caller caller, DateTimeOffset deadline)
    {
        if (!readiness.IsReady)
            throw new ServiceException(ServiceError.Unavailable, readiness.IsDraining ? "This orchestrator is draining." : "This orchestrator is starting.");
        // Not cancelled with the call: a job that nobody knows of would be left.
        var result = await store.SubmitAsync(Submission(request, valid, caller, deadline), CancellationToken.None);
        if (result.Outcome == SubmitOutcome.Accepted)
            traces.Accept(result.JobId, caller.Tenant, Activity.Current?.Context ?? default);
        return result.Outcome switch
        {
            SubmitOutcome.Accepted or SubmitOutcome.Existing => result.JobId,
            SubmitOutcome.Conflict => throw new ServiceException(
                ServiceError.AlreadyExists, $"request_id '{valid.RequestId}' is that of another request, job {result.JobId}."),
            SubmitOutcome.QueueFull => throw RichErrors.Exhausted("As many jobs are queued as are taken.", result.RetryAfter),
            SubmitOutcome.QuotaExceeded => throw RichErrors.Exhausted("The tenant's cost per minute is used up.", result.RetryAfter),
            _ => throw RichErrors.Exhausted("The store of jobs is full; what runs is finished first.", result.RetryAfter),
        };
    }

    private JobSubmission Submission(GenerateRequest request, ValidRequest valid, Caller caller, DateTimeOffset deadline)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var last = time.GetUtcNow() + options.Timeout;
        var trace = Activity.Current;
        // A job waits in the queue for a moment even where a place is free for it.
        var free = places.Free;
        return new JobSubmission
        {
            Id = id,
            Tenant = caller.Tenant,
            RequestId = valid.RequestId,
            RequestHash = Hash(request),
            Spec = Spec(request, valid).ToByteArray(),
            TraceParent = trace?.Id ?? "",
            TraceState = trace?.TraceStateString ?? "",
            Priority = valid.Priority,
            Cost = JobCosts.Of(valid),
            Deadline = deadline < last ? deadline : last,
            Model = JobModels.Key(valid.Model),
            Evaluations = valid.Sampler.Evaluations.Count,
            Limits = Limits(caller.Quotas, free),
            QueueBound = options.Queued + free,
            FirstEvent = JobSlots.Event(id, JobSequence.First, new GenerateEvent { Queued = Queued(valid) }),
            Retention = options.Retention,
        };
    }

    // Whatever was chosen or drawn here is filled in, so that every owner does the same.
    private static JobSpec Spec(GenerateRequest request, ValidRequest valid)
    {
        var settled = request.Clone();
        (settled.Model, settled.Seed, settled.GuidanceScale) = (valid.Model.Name, valid.Seed, valid.Guidance.Scale);
        settled.Schedule = valid.Schedule;
        return new JobSpec { Request = settled, ModelRevision = valid.Model.Revision };
    }

    // Over the request as it came: of two without a seed each is the other's repetition.
    private static byte[] Hash(GenerateRequest request)
    {
        var bytes = new byte[request.CalculateSize()];
        using (var output = new CodedOutputStream(bytes) { Deterministic = true })
            request.WriteTo(output);
        return SHA256.HashData(bytes);
    }

    private static TenantLimits Limits(Quotas quotas, int free) => new()
    {
        Weight = quotas.Weight,
        ConcurrentCost = quotas.ConcurrentCost ?? double.PositiveInfinity,
        CostPerMinute = quotas.CostPerMinute ?? double.PositiveInfinity,
        QueuedJobs = quotas.QueuedJobs is { } waiting ? waiting + free : int.MaxValue,
    };

    private static Queued Queued(ValidRequest request) => new()
    {
        Model = request.Model.Name,
        ModelRevision = request.Model.Revision,
        Seed = request.Seed,
        Sampler = request.Sampler.Name,
        Steps = (uint)request.Schedule.Steps,
        Evaluations = (uint)request.Sampler.Evaluations.Count,
        GuidanceScale = request.Guidance.Scale,
        Width = (uint)request.Width,
        Height = (uint)request.Height,
    };
}
