namespace Diffusion.Mesh.ServiceTests;

/// <summary>A test of the orchestrator alone: its workers are fakes.</summary>
public abstract class FakeTest : ServiceTest
{
    private protected FakeTextEncoder TextEncoder { get; } = new();

    private protected OrchestratorSetup Setup { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        var encoder = await KeepAsync(TextEncoder.StartAsync(Log));
        var vae = await KeepAsync(new FakeVae().StartAsync(Log));
        Setup = new OrchestratorSetup([encoder.Address], [], [vae.Address]);
    }

    /// <summary>An orchestrator whose UNet workers follow scripts.</summary>
    private protected async Task<RunningService> OrchestrateAsync(
        IEnumerable<FakeUnet> unets, Func<OrchestratorSetup, OrchestratorSetup>? change = null)
    {
        var addresses = new List<Uri>();
        foreach (var unet in unets)
            addresses.Add((await KeepAsync(unet.StartAsync(Log))).Address);
        var setup = Setup with { Unets = addresses };
        return await KeepAsync((change?.Invoke(setup) ?? setup).StartAsync(Log));
    }

    /// <summary>A UNet worker that does its work, once it may.</summary>
    private protected static FakeUnet Willing(Task? may = null) => new(async call =>
    {
        await call.AcceptAsync();
        if (may is not null)
            await may.WaitAsync(call.Context.CancellationToken);
        await call.ProgressAsync(0);
        await call.FinishAsync();
    });
}
