namespace Diffusion.Mesh.FunctionalTests;

/// <summary>A whole cluster of processes on one machine.</summary>
public sealed class ClusterTests(TwoWorkerCluster cluster) : IClassFixture<TwoWorkerCluster>, IDisposable
{
    private static readonly string[] Wish = ["a red circle", "--seed", "7", "--steps", "4"];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Generate_FourProcessesAndEmbedded_SameBytes()
    {
        var first = await Mesh.PictureAsync(_folder, [.. Wish, "--server", cluster.Mesh.Server]);
        var second = await Mesh.PictureAsync(_folder, [.. Wish, "--server", cluster.Mesh.Server]);
        var embedded = await Mesh.PictureAsync(_folder, Wish);

        Assert.Equal(first, second);
        Assert.Equal(first, embedded);
        var picture = PngFile.Read(first);
        Assert.Equal((128, 128), (picture.Width, picture.Height));
    }

    [Fact]
    public async Task Generate_OtherSeed_OtherBytes()
    {
        var first = await Mesh.PictureAsync(_folder, [.. Wish, "--server", cluster.Mesh.Server]);
        var other = await Mesh.PictureAsync(_folder, "a red circle", "--seed", "8", "--steps", "4", "--server", cluster.Mesh.Server);

        Assert.NotEqual(first, other);
    }

    [Fact]
    public async Task Generate_TwoUnetWorkers_BothAreUsed()
    {
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Mesh.PictureAsync(_folder, [.. Wish, "--server", cluster.Mesh.Server])));

        foreach (var worker in cluster.Mesh.Unets)
            await worker.Process.ErrorLineAsync(LogLines.JobBegins);
    }

    [Fact]
    public async Task Generate_WrongRequest_Exit2NamingEveryOption()
    {
        var result = await Mesh.RunAsync(
            "generate", "a red circle", "-o", _folder.File("a.png"), "--model", "nobody", "--steps", "1001", "--count", "0", "--server", cluster.Mesh.Server);

        Assert.Equal(2, result.ExitCode);
        Assert.All(["--model: ", "--steps: ", "--count: "], option => Assert.Contains(option, result.Error));
        Assert.Empty(result.Output);
        Assert.Empty(_folder.Names);
    }

    public void Dispose() => _folder.Dispose();
}
