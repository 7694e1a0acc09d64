namespace Diffusion.Mesh.State;

/// <summary>
/// The jobs of the whole cluster: what is queued, who runs what, how far it is, and how it ended. Any number of processes use one store; none of them leads.
/// <para>
/// A job is its owner's while its lease lasts (by the store's clock, never a host's). Every write of an owner is fenced by the job's epoch: after a take-over
/// the former owner's writes change nothing and return false, and its run must stop. Every job ends exactly once: by its owner, by its deadline, or
/// cancelled while queued.
/// </para>
/// <para>An owner tells a job's events in growing order, one call after the other. Memory that is handed over must not change any more.</para>
/// <para>All methods throw <see cref="StateUnavailableException"/> where the store cannot be used, and <see cref="OperationCanceledException"/>.</para>
/// </summary>
public interface IJobStore
{
    /// <summary>
    /// Tells of jobs that a call from here made the store end by itself: past their deadline, or cancelled without an owner. An end is told in one process
    /// of the cluster; where the call's answer got lost, in none.
    /// </summary>
    event Action<StoreEnd>? EndedAlone;

    /// <summary>Puts a job into the queue, or tells why not; atomic and, by the job's id, repeatable.</summary>
    /// <exception cref="ArgumentException">The submission breaks a bound of its own description.</exception>
    Task<SubmitResult> SubmitAsync(JobSubmission submission, CancellationToken cancellation);

    /// <summary>
    /// Ends what is past its deadline or was cancelled and has no owner; then hands out jobs: first those whose lease expired or was released (under the next
    /// epoch, with the last checkpoint), then queued ones in the fair order. Call it at least every <see cref="JobStoreLimits.ClaimInterval"/>, also with no room.
    /// <para>
    /// The fair order is start-time fair queueing: each tenant has a virtual time, which grows by cost / weight with each of its jobs taken; the tenant of the least
    /// is next; one that begins to wait starts at the virtual time of the last job taken, so nobody saves up. Within a tenant priority decides, then arrival. Tenants at
    /// their <see cref="TenantLimits.ConcurrentCost"/> are passed over.
    /// </para>
    /// </summary>
    Task<IReadOnlyList<ClaimedJob>> ClaimAsync(ClaimRequest request, CancellationToken cancellation);

    /// <summary>Waits until there may be work to claim, at most for a while. A hint: it may come for nothing, and one that is missed is made up for by the next poll.</summary>
    Task WaitForWorkAsync(TimeSpan atMost, CancellationToken cancellation);

    /// <summary>
    /// Renews leases, and the time-to-live of everything that belongs to the jobs. A lease that has expired and that nobody has taken yet is renewed too.
    /// </summary>
    Task<RenewalResult> RenewAsync(string owner, IReadOnlyCollection<LeaseRenewal> leases, TimeSpan lease, CancellationToken cancellation);

    /// <summary>Ids of running jobs that somebody asks to cancel, of any owner, as it happens. A hint: <see cref="RenewAsync"/> tells for certain. Endless.</summary>
    IAsyncEnumerable<string> CancellationsAsync(CancellationToken cancellation);

    /// <summary>Replaces the job's checkpoint.</summary>
    /// <param name="checkpoint">What the next owner needs to go on.</param>
    /// <param name="position">Model evaluations that it has behind it; one below the stored one's is ignored.</param>
    /// <param name="events">Latest transient events to keep with it, for those who come later to <see cref="WatchAsync"/>; not told live.</param>
    /// <returns>False: the lease is lost.</returns>
    Task<bool> CheckpointAsync(
        string id, long epoch, ReadOnlyMemory<byte> checkpoint, int position, IReadOnlyList<JobEvent> events, CancellationToken cancellation);

    /// <summary>Tells and keeps an event.</summary>
    /// <returns>False: the lease is lost.</returns>
    Task<bool> PublishAsync(string id, long epoch, JobEvent news, CancellationToken cancellation);

    /// <summary>
    /// Tells those who watch now, and keeps nothing: steps and previews. Costs no write. Not repeated when the store does not answer: better late news than old news.
    /// </summary>
    /// <returns>False: the lease is lost. True also where the news may be lost with the store's connection.</returns>
    Task<bool> PublishTransientAsync(string id, long epoch, JobEvent news, CancellationToken cancellation);

    /// <summary>Ends the job: stores end, events and results together, forgets checkpoint and lease, returns the concurrent cost.</summary>
    /// <returns>False: the lease is lost, and nothing was stored. True also when a repetition finds the job ended by the same owner.</returns>
    Task<bool> CompleteAsync(string id, long epoch, JobEnd end, CancellationToken cancellation);

    /// <summary>Gives the job back: others can claim it at once, from its last checkpoint.</summary>
    /// <returns>False: the lease was lost before.</returns>
    Task<bool> ReleaseAsync(string id, long epoch, CancellationToken cancellation);

    /// <summary>Counts a worker that the job killed; the caller decides how many are too many.</summary>
    /// <param name="attempt">Tells the owner's attempts apart: the same one is counted once.</param>
    /// <returns>How many so far, under all epochs; null: the lease is lost.</returns>
    Task<int?> ReportKillAsync(string id, long epoch, int attempt, CancellationToken cancellation);

    /// <summary>Ends a queued job as <see cref="JobState.Cancelled"/> at once, and asks a running one's owner to.</summary>
    /// <returns>False: this tenant has no such job, or it has ended.</returns>
    Task<bool> CancelAsync(string tenant, string id, CancellationToken cancellation);

    /// <summary>A job with its queue position; null: this tenant has no such job.</summary>
    Task<JobInfo?> GetAsync(string tenant, string id, CancellationToken cancellation);

    /// <summary>A tenant's jobs, the latest first.</summary>
    /// <param name="state">Only these; null: all.</param>
    /// <param name="pageSize">1 to <see cref="JobStoreLimits.LargestPage"/>.</param>
    /// <param name="pageToken">From the page before; empty: the first.</param>
    /// <exception cref="FormatException">No page token of ours.</exception>
    Task<JobPage> ListAsync(string tenant, JobState? state, int pageSize, string pageToken, CancellationToken cancellation);

    /// <summary>
    /// The job's events after a number: first the stored ones, then live ones, in growing order without a gap other than that of a slot the latest wins; at
    /// last its end. A slow reader costs no memory beyond one event of each slot. Empty: this tenant has no such job.
    /// </summary>
    /// <exception cref="StateUnavailableException">The store was away for too long; what was read so far is good, watch again from its last number.</exception>
    IAsyncEnumerable<JobUpdate> WatchAsync(string tenant, string id, long afterSequence, CancellationToken cancellation);

    /// <summary>Whether somebody watches the job's events now, in any process. A moment later it may be otherwise.</summary>
    Task<bool> IsWatchedAsync(string id, CancellationToken cancellation);

    /// <summary>A result of a job that is done; null: there is none, or it has expired.</summary>
    Task<ReadOnlyMemory<byte>?> ReadResultAsync(string tenant, string id, int index, CancellationToken cancellation);

    /// <summary>A result whoever's it is: only for callers who have proven by other means than their tenant that they may read it.</summary>
    Task<ReadOnlyMemory<byte>?> ReadAnyResultAsync(string id, int index, CancellationToken cancellation);

    /// <summary>
    /// The secret by which any process of the cluster knows what another one signed, <see cref="JobStoreLimits.SigningKeyBytes"/> random bytes. Made at the first call; it
    /// stays for a week at least after each.
    /// </summary>
    Task<ReadOnlyMemory<byte>> SigningKeyAsync(CancellationToken cancellation);

    /// <summary>Jobs of all tenants that have not ended, for operators: first those that run, then those that wait, each the earliest submitted first.</summary>
    /// <param name="most">Of either kind, 1 to <see cref="JobStoreLimits.LargestPage"/>; which of more are left out is the store's choice.</param>
    Task<IReadOnlyList<ActiveJob>> ActiveAsync(int most, CancellationToken cancellation);

    /// <summary>What is queued and running.</summary>
    Task<StoreCounts> CountAsync(CancellationToken cancellation);
}
