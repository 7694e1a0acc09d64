using Diffusion.Mesh.Identity;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>A test of jobs on one orchestrator with a UNet worker that waits until it may, and two tenants.</summary>
public abstract class JobTest : FakeTest, IDisposable
{
    private readonly TaskCompletionSource _may = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private protected TemporaryKeys Keys { get; } = new();

    private protected ManualTime Time { get; } = new();

    private protected Generation.GenerationClient Client { get; set; } = null!;

    /// <summary>Lets the worker go on.</summary>
    private protected void Go() => _may.TrySetResult();

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Keys.Dispose();
    }

    /// <summary>Starts an orchestrator.</summary>
    private protected async Task StartAsync(Func<OrchestratorSetup, OrchestratorSetup>? change = null)
    {
        Client = (await OrchestrateAsync([Willing(_may.Task)], change)).Client();
        // A drain waits for what runs.
        await KeepAsync(Task.FromResult(new AtTheEnd(Go)));
    }

    /// <summary>A new key of a tenant, as the headers of a call.</summary>
    private protected Metadata KeyOf(string tenant, Quotas? quotas = null) => new() { { "x-api-key", Keys.Add(tenant, quotas: quotas).Text() } };

    private protected async Task<Job> GetAsync(string id, Metadata? headers = null) =>
        await Client.GetJobAsync(new GetJobRequest { JobId = id }, headers, cancellationToken: Patience.Token);

    /// <summary>Waits until a job is in a state.</summary>
    private protected async Task<Job> UntilAsync(string id, JobState state, Metadata? headers = null)
    {
        using var patience = new CancellationTokenSource(Patience.Time);
        while (true)
        {
            var job = await GetAsync(id, headers);
            if (job.State == state)
                return job;
            await Task.Delay(10, patience.Token);
        }
    }

    private protected async Task<IReadOnlyList<GenerateEvent>> WatchAsync(string id, ulong after = 0, Metadata? headers = null)
    {
        using var call = Client.Watch(new WatchRequest { JobId = id, AfterSequence = after }, headers, cancellationToken: Patience.Token);
        return await Wishes.ReadAsync(call);
    }

    private sealed class AtTheEnd(Action act) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            act();
            return ValueTask.CompletedTask;
        }
    }

    private protected static async Task<StatusCode> CodeAsync(Func<Task> call) => (await Assert.ThrowsAsync<RpcException>(call)).StatusCode;
}
