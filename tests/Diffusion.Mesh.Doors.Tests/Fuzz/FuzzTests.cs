using System.Text.RegularExpressions;
using Diffusion.Mesh.FunctionalTests;

namespace Diffusion.Mesh.Doors.Tests.Fuzz;

public sealed partial class FuzzTests
{
    [Fact]
    public async Task Run_TwoThousandCases_NothingIsFound()
    {
        await using var run = DotNet.Start(Executables.Named("Diffusion.Mesh.Fuzz"), ["--cases", "2000", "--seed", "1"]);

        var code = await run.Exit;

        Assert.True(code == 0, $"{run.Output}{run.Error}");
        Assert.Matches(Result(), run.Output);
    }

    [GeneratedRegex(@"\nRESULT name=fuzz cases=2000 crashes=0 hangs=0 wrong_status=0 memory_ratio=[0-9.]+\n$")]
    private static partial Regex Result();
}
