using Diffusion.Mesh.Autoscaling;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Simulated days, shortened; the scaler in them is the real one.</summary>
public sealed class SimulationTests
{
    private static readonly Scenario s_busy = new() { Day = new Day { Length = TimeSpan.FromHours(4), Bursts = 2 } };

    [Fact]
    public async Task Run_BusyDay_IsGoodForLessThanAFixedFleetAndLosesNothing()
    {
        var (_, fleet) = await FixedFleet.SmallestAsync(s_busy, 0.99);

        var scaled = await Simulation.RunAsync(s_busy);

        Assert.Equal(scaled.Pictures, scaled.Ended);
        Assert.InRange(scaled.Attainment, 0.99, 1);
        Assert.InRange(scaled.GpuHours, 0, 0.9 * fleet.GpuHours);
    }

    [Fact]
    public async Task Run_SameSeed_SameOutcome()
    {
        var scenario = s_busy with { Day = s_busy.Day with { Length = TimeSpan.FromMinutes(20) } };

        var outcome = await Simulation.RunAsync(scenario);

        Assert.Equal(outcome, await Simulation.RunAsync(scenario));
        Assert.NotEqual(outcome, await Simulation.RunAsync(scenario with { Day = scenario.Day with { Seed = 2 } }));
    }

    [Fact]
    public async Task Run_FewRequests_ScalesToZeroAndWakesAtOnce()
    {
        var day = new Day { Length = TimeSpan.FromHours(6), Night = 0.0005, Noon = 0.001, Bursts = 0 };

        var outcome = await Simulation.RunAsync(new Scenario { Day = day });

        Assert.Equal((0, 1), (outcome.LeastReplicas, outcome.MostReplicas));
        Assert.Equal(outcome.Pictures, outcome.Ended);
        // A second until KEDA is told, and a minute to load the model.
        Assert.Equal(TimeSpan.FromSeconds(61), outcome.LongestWait);
        // Most of the day there is no worker.
        Assert.InRange(outcome.GpuHours, 0.1, day.Length.TotalHours / 2);
    }

    [Fact]
    public void Arrivals_ManyDays_HaveTheRateOfTheDay()
    {
        var calm = new Day { Night = 0.1, Noon = 0.3, Bursts = 0 };

        var counts = Enumerable.Range(0, 20).Select(seed => (calm with { Seed = seed }).Arrivals().Count).ToArray();

        // A sinusoid's mean; within four standard errors of a Poisson count.
        var mean = 0.2 * calm.Length.TotalSeconds;
        Assert.InRange(counts.Average(), mean - (4 * Math.Sqrt(mean / counts.Length)), mean + (4 * Math.Sqrt(mean / counts.Length)));
    }
}
