using System.Runtime.CompilerServices;
using Diffusion.Mesh.Testing;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.ServiceTests;

public sealed class ClientSampleTests(ClusterFixture cluster) : ClusterTest(cluster)
{
    [Fact]
    public async Task Readme_Sample_IsTheMethodThatIsRunHere()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(TestFolders.Repository, "README.md"));

        Assert.Contains($"```csharp\n{string.Join('\n', await LinesAsync())}\n```", readme, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Server_WritesThePicture()
    {
        var folder = Directory.CreateTempSubdirectory("mesh-sample-");
        try
        {
            var file = Path.Combine(folder.FullName, "star.png");
            await ClientSample.RunAsync(Cluster.Address.AbsoluteUri, file);

            var request = new GenerateRequest { Prompt = "a small yellow star at the top, blue background", Seed = 2, Schedule = new Schedule { Steps = 20 } };
            Assert.Equal(Wishes.File(await Client.FulfilAsync(request)), await File.ReadAllBytesAsync(file));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // What stands between the braces of the method.
    private static async Task<IEnumerable<string>> LinesAsync([CallerFilePath] string here = "")
    {
        var lines = await File.ReadAllLinesAsync(Path.Combine(Path.GetDirectoryName(here)!, "ClientSample.cs"));
        var begin = Array.FindIndex(lines, l => l.Contains("RunAsync", StringComparison.Ordinal)) + 2;
        var end = Array.FindIndex(lines, begin, l => l == "    }");
        return lines[begin..end].Select(l => l.Length > 8 ? l[8..] : "");
    }
}
