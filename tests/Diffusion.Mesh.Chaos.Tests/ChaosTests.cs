namespace Diffusion.Mesh.Chaos.Tests;

public sealed class ChaosTests
{
    [Fact]
    public async Task Run_TwoMinutes_NothingIsLostOrWrongOrLeftBehind() =>
        Assert.Equal(0, await ChaosRun.RunAsync(TimeSpan.FromMinutes(2), seed: 1, clients: 8));
}
