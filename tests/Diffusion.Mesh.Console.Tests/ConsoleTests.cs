namespace Diffusion.Mesh.Console.Tests;

/// <summary>The console in a real browser.</summary>
[Collection(BrowserRun.Collection)]
public sealed class ConsoleTests(BrowserRun run)
{
    public static TheoryData<string> Scenarios => [.. BrowserRun.Scenarios];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Console_Scenario_GoesWell(string scenario) => Assert.Equal("", run.Error(scenario));
}
