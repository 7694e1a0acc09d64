namespace Diffusion.Mesh.Orchestrator;

/// <summary>What a call needs of its worker, and how long it may take.</summary>
/// <param name="Model">Name of its folder.</param>
/// <param name="Cancellation">Ends the call, waiting or running; cancelled at <paramref name="Deadline"/> too.</param>
internal sealed record WorkerCall(
    WorkerRole Role, string JobId, string Model, string Revision, DateTimeOffset Deadline, CancellationToken Cancellation)
{
    // Room for the attempts of one holder.
    private const int AttemptBits = 16;

    /// <summary>The denoising that it asks for; null for other roles.</summary>
    public LatentWork? Work { get; init; }

    /// <summary>Fencing epoch under which the job is held here, from 1 and below 2^48.</summary>
    public ulong Epoch { get; init; }

    /// <summary>Workers that died over the job before: under earlier holders, or in earlier stages.</summary>
    public int EarlierDeaths { get; init; }

    /// <summary>Told of each further one, with the attempt's number.</summary>
    public Action<int> Died { get; init; } = _ => { };

    /// <summary>True where a worker says that it has taken the work. Elsewhere whatever reached a worker counts as taken.</summary>
    public bool TellsAcceptance => Role == WorkerRole.Unet;

    /// <summary>The fencing epoch that workers see: each attempt shuts out those before it, and each holder of the job those of the one before.</summary>
    /// <param name="attempt">From 1.</param>
    public ulong EpochOf(int attempt) => (Epoch << AttemptBits) + (ulong)attempt;

    /// <summary>A job's call.</summary>
    public static WorkerCall For(WorkerRole role, Job job) =>
        new(role, job.Id, job.Request.Model.Name, job.Request.Model.Revision, job.Deadline, job.Cancellation)
        {
            Epoch = (ulong)job.Epoch,
            EarlierDeaths = job.Kills,
            Died = attempt => job.ReportKill(role, attempt),
        };
}

/// <summary>A denoising run by what decides its cost and its company.</summary>
/// <param name="Height">Latent rows.</param>
/// <param name="Width">Latent columns.</param>
/// <param name="Rows">Rows of each forward pass.</param>
/// <param name="Evaluations">Forward passes.</param>
internal sealed record LatentWork(uint Height, uint Width, uint Rows, uint Evaluations);
