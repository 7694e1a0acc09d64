namespace Diffusion.Mesh.FunctionalTests;

/// <summary><c>mesh keys</c>.</summary>
public sealed class KeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Add_ListAndRevoke_ShowTheKeyOnce()
    {
        var file = _folder.File("keys.json");
        var key = (await Mesh.RunAsync(
            "keys", "add", "--keys", file, "--tenant", "acme", "--model", "shapes", "--weight", "2", "--operator", "--expires", "2090-01-31")).Succeeded().Output.Trim();
        var id = key.Split('_')[1];

        var listed = (await Mesh.RunAsync("keys", "list", "--keys", file)).Succeeded().Output;
        (await Mesh.RunAsync("keys", "revoke", id, "--keys", file)).Succeeded();
        var again = await Mesh.RunAsync("keys", "revoke", id, "--keys", file);

        Assert.Matches("^mesh_[0-9a-f]{12}_[A-Za-z0-9_-]{43}$", key);
        Assert.Contains(id, listed, StringComparison.Ordinal);
        Assert.Matches("2090-01-31 00:00 UTC +2 +yes +shapes", listed);
        Assert.DoesNotContain(key.Split('_', 3)[2], listed, StringComparison.Ordinal);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains(id, again.Error, StringComparison.Ordinal);
        Assert.Equal(["keys.json"], _folder.Names);
    }

    [Fact]
    public async Task Add_SeveralWrongValues_Exit2NamingEveryOne()
    {
        var result = await Mesh.RunAsync("keys", "add", "--keys", _folder.File("keys.json"), "--tenant", "a b", "--weight", "0", "--queued-jobs", "-1");

        Assert.Equal(2, result.ExitCode);
        Assert.All(["tenant must", "weight must", "queued_jobs must"], words => Assert.Contains(words, result.Error, StringComparison.Ordinal));
        Assert.Empty(result.Output);
        Assert.Empty(_folder.Names);
    }

    [Fact]
    public async Task Generate_ServerThatWantsAKey_TakesItFromVariableOrFile()
    {
        var file = _folder.File("keys.json");
        var key = (await Mesh.RunAsync("keys", "add", "--keys", file, "--tenant", "acme")).Succeeded().Output.Trim();
        File.WriteAllText(_folder.File("key"), key + "\n");
        // Nobody listens there: who gets as far as that has been let in.
        string[] nobody = ["--text-encoder", "127.0.0.1:9", "--unet", "127.0.0.1:9", "--vae", "127.0.0.1:9"];
        await using var server = await ServiceProcess.StartAsync(Roles.Orchestrator, ["--keys", file, "--anonymous", "never", .. nobody]);
        string[] generate = ["generate", "a red circle", "-o", _folder.File("a.png"), "--server", server.Grpc.Authority];

        var without = await Mesh.RunAsync(generate);
        var byVariable = await Mesh.RunAsync([("MESH_KEY", key)], generate);
        var byFile = await Mesh.RunAsync([.. generate, "--key-file", _folder.File("key")]);

        Assert.All([without, byVariable, byFile], result => Assert.Equal(3, result.ExitCode));
        Assert.Contains("Unauthenticated", without.Error, StringComparison.Ordinal);
        Assert.All([byVariable, byFile], result => Assert.Contains("text encoder", result.Error, StringComparison.Ordinal));
        Assert.DoesNotContain(key.Split('_', 3)[2], server.Process.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_NoFile_Exit2NamingIt()
    {
        var result = await Mesh.RunAsync("keys", "list", "--keys", _folder.File("none.json"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("none.json", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
