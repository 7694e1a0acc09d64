using Diffusion.Mesh.State;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>
/// What durable jobs cost: the median of each write with <c>appendfsync always</c> and <c>everysec</c>, turn by turn, and how many whole jobs a second one Redis takes.
/// </summary>
internal sealed class StateBenchmark : IBenchmark
{
    private const int Rounds = 200;
    private const int Clients = 32;
    private const int JobsPerClient = 50;
    private static readonly TimeSpan _lease = TimeSpan.FromMinutes(1);

    public string Name => "state";

    public async Task<IReadOnlyList<KeyValuePair<string, double>>> RunAsync()
    {
        await using var always = await Setup.StartAsync("always");
        await using var everySecond = await Setup.StartAsync("everysec");
        for (var i = 0; i < Rounds; i++)
        {
            await RoundAsync(always, i);
            await RoundAsync(everySecond, i);
        }

        var results = new List<KeyValuePair<string, double>>();
        foreach (var setup in new[] { always, everySecond })
        {
            // The first calls compile.
            results.AddRange(setup.Seconds.Select(pair =>
                new KeyValuePair<string, double>($"{pair.Key}_{setup.Fsync}_ms", Timing.Median(pair.Value.Skip(Rounds / 10)) * 1000)));
            results.Add(new($"jobs_{setup.Fsync}_per_s", Clients * JobsPerClient / await Timing.SecondsAsync(() => WholeJobsAsync(setup.Store))));
        }

        return results;
    }

    private static async Task RoundAsync(Setup setup, int round)
    {
        var id = $"job-{round}";
        await setup.MeasureAsync("submit", () => setup.Store.SubmitAsync(Submission(id), default));
        await setup.MeasureAsync("claim", () => setup.Store.ClaimAsync(new ClaimRequest("bench", 1, _lease), default));
        await setup.MeasureAsync("renew", () => setup.Store.RenewAsync("bench", [new LeaseRenewal(id, 1, round + 1)], _lease, default));
        await setup.MeasureAsync("transient", () => setup.Store.PublishTransientAsync(id, 1, new JobEvent("step", 2, new byte[32]), default));
        await setup.MeasureAsync("checkpoint_64k", () => setup.Store.CheckpointAsync(id, 1, new byte[64 << 10], 1, [], default));
        await setup.MeasureAsync("checkpoint_256k", () => setup.Store.CheckpointAsync(id, 1, new byte[256 << 10], 2, [], default));
        await setup.MeasureAsync("complete_400k", () => setup.Store.CompleteAsync(id, 1, End(400 << 10), default));
    }

    private static async Task WholeJobsAsync(RedisJobStore store) => await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
    {
        for (var i = 0; i < JobsPerClient; i++)
        {
            await store.SubmitAsync(Submission($"whole-{client}-{i}"), default);
            foreach (var job in await store.ClaimAsync(new ClaimRequest($"client-{client}", 1, _lease), default))
            {
                await store.CheckpointAsync(job.Id, job.Epoch, new byte[64 << 10], 1, [], default);
                await store.CompleteAsync(job.Id, job.Epoch, End(0), default);
            }
        }
    }));

    private static JobEnd End(int bytes) => new() { State = JobState.Done, Results = [new byte[bytes]], Retention = TimeSpan.FromSeconds(5) };

    private static JobSubmission Submission(string id) => new()
    {
        Id = id,
        Tenant = "bench",
        Spec = new byte[2048],
        Cost = 1,
        Deadline = TimeProvider.System.GetUtcNow().AddHours(1),
        Model = "model",
        QueueBound = 100_000,
        FirstEvent = new JobEvent("queued", JobSequence.First, new byte[64]),
        Retention = TimeSpan.FromSeconds(5),
    };

    private sealed record Setup(string Fsync, RedisServer Server, RedisConnection Redis, RedisJobStore Store) : IAsyncDisposable
    {
        public Dictionary<string, List<double>> Seconds { get; } = [];

        public static async Task<Setup> StartAsync(string fsync)
        {
            var server = RedisServer.With("--appendonly", "yes", "--appendfsync", fsync);
            await server.InitializeAsync();
            var redis = new RedisConnection(new RedisOptions { Configuration = server.Address }, TimeProvider.System);
            return new Setup(fsync, server, redis, new RedisJobStore(redis, TimeProvider.System));
        }

        public async Task MeasureAsync(string name, Func<Task> call)
        {
            if (!Seconds.TryGetValue(name, out var seconds))
                Seconds[name] = seconds = [];
            seconds.Add(await Timing.SecondsAsync(call));
        }

        public async ValueTask DisposeAsync()
        {
            await Store.DisposeAsync();
            await Redis.DisposeAsync();
            await Server.DisposeAsync();
        }
    }
}
