using Diffusion.Mesh.TextEncoder;
using Diffusion.Mesh.Unet;
using Diffusion.Mesh.Vae;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Real workers with the default model, started once: tests call them, or put an orchestrator of their own before them.</summary>
public sealed class FleetFixture : IAsyncLifetime
{
    public const string Collection = "fleet";

    private RunningService[] _services = [];

    public ErrorLog Log { get; } = new();

    internal RunningService TextEncoder => _services[0];

    internal RunningService Unet => _services[1];

    internal RunningService Vae => _services[2];

    /// <summary>Revision of the model <c>shapes</c>.</summary>
    internal string Revision => Shapes.Facts.Revision;

    public async Task InitializeAsync() => _services = await Task.WhenAll(
        RunningService.StartAsync(new TextEncoderRole(), Log),
        RunningService.StartAsync(new UnetRole(), Log),
        RunningService.StartAsync(new VaeRole(), Log));

    public async Task DisposeAsync()
    {
        foreach (var service in _services)
            await service.DisposeAsync();
        Log.AssertNoErrors();
    }
}

[CollectionDefinition(FleetFixture.Collection)]
public sealed class FleetCollection : ICollectionFixture<FleetFixture>
{
}

/// <summary>A test against the shared workers, which must not have logged an error after it.</summary>
[Collection(FleetFixture.Collection)]
public abstract class FleetTest(FleetFixture fleet) : ServiceTest, IDisposable
{
    private protected FleetFixture Fleet => fleet;

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        fleet.Log.AssertNoErrors();
    }

    /// <summary>An orchestrator before the shared workers, or before others in their place.</summary>
    private protected Task<RunningService> OrchestrateAsync(Func<OrchestratorSetup, OrchestratorSetup>? change = null)
    {
        var setup = new OrchestratorSetup([fleet.TextEncoder.Address], [fleet.Unet.Address], [fleet.Vae.Address]);
        return KeepAsync((change?.Invoke(setup) ?? setup).StartAsync(Log));
    }
}
