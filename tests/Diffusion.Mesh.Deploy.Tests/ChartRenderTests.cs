namespace Diffusion.Mesh.Deploy.Tests;

/// <summary>What helm makes of the chart, for every file of values.</summary>
[Collection(ClusterTools.Collection)]
public sealed class ChartRenderTests
{
    [Theory]
    [MemberData(nameof(Chart.Matrix), MemberType = typeof(Chart))]
    public async Task Render_EveryObject_FitsItsSchema(string values)
    {
        var manifests = await Chart.ObjectsAsync(values);
        Assert.NotEmpty(manifests.Objects);
        Assert.Empty(manifests.Problems);
    }

    [Theory]
    [MemberData(nameof(Chart.Matrix), MemberType = typeof(Chart))]
    public async Task Render_Unchanged_IsTheGolden(string values) => Goldens.Check(DeployFolders.Golden(values), await Chart.TextAsync(values));

    [Fact]
    public async Task Lint_Strict_FindsNothing()
    {
        var result = await Tool.RunAsync(ClusterTools.Helm, "lint", "--strict", "--kube-version", "1.30.0", DeployFolders.Chart);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }
}
