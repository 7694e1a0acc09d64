using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Unet;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Two real UNet workers that take one job each.</summary>
public sealed class FullWorkersTests(FleetFixture fleet) : FleetTest(fleet)
{
    [Fact]
    public async Task Generate_MoreJobsThanPlaces_AllWaitAndEnd()
    {
        ServiceOptions options = new() { Grpc = ListenAddress.AnyLoopback, Models = RunningService.Models, Model = [Shapes.Name], Capacity = 1 };
        var one = await KeepAsync(RunningService.StartAsync(new UnetRole(), Log, options));
        var two = await KeepAsync(RunningService.StartAsync(new UnetRole(), Log, options));
        // Two orchestrators: neither knows what the other sends.
        var clients = new[]
        {
            (await OrchestrateAsync(s => s with { Unets = [one.Address, two.Address] })).Client(),
            (await OrchestrateAsync(s => s with { Unets = [one.Address, two.Address] })).Client(),
        };

        var ends = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => clients[i % 2].FulfilAsync(Wishes.Quick(seed: (ulong)i))));

        Assert.All(ends, events => Assert.NotNull(events[^1].Done));
    }
}
