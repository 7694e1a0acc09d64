namespace Diffusion.Mesh.Console.Tests;

/// <summary>The console in a real browser.</summary>
public sealed class ConsoleTests(BrowserRun run) : IClassFixture<BrowserRun>
{
    public static TheoryData<string> Scenarios => [.. BrowserRun.Scenarios];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Console_Scenario_GoesWell(string scenario) => Assert.Equal("", run.Error(scenario));
}
