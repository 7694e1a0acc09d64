using Diffusion.Mesh.Identity;

namespace Diffusion.Mesh.ServiceTests;

public sealed class KeyFileTests : IDisposable
{
    private readonly TemporaryKeys _keys = new();

    [Fact]
    public void Change_KeyAdded_IsReadBackWhole()
    {
        var quotas = new Quotas { ConcurrentCost = 1e7, CostPerMinute = 5e8, Weight = 2.5, QueuedJobs = 3 };
        var expires = new DateTimeOffset(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);

        var key = _keys.Add("acme", expires, quotas, "shapes", "other");

        var read = Assert.Single(KeyFile.Read(_keys.Path));
        Assert.Equal((key.Id, "acme", expires, quotas), (read.Id, read.Tenant, read.Expires, read.Quotas));
        Assert.Equal(["shapes", "other"], read.Models);
        Assert.True(new KeyHash(read.Salt, read.Hash).Matches(key.Secret));
    }

    [Fact]
    public void Change_NewFile_IsItsOwnersAloneAndLeavesNothingBeside()
    {
        _keys.Add("acme");

        Assert.Equal(["keys.json"], _keys.Names);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_keys.Path));
    }

    [Fact]
    public void Change_FileHoldsNoSecret()
    {
        var key = _keys.Add("acme");

        var text = File.ReadAllText(_keys.Path);
        Assert.DoesNotContain(key.Text()[18..], text, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(key.Secret), text, StringComparison.Ordinal);
    }

    [Fact]
    public void Change_WhileAnotherChanges_FailsAndLeavesTheOthersWork()
    {
        var key = _keys.Add("acme");

        KeyFile.Change(_keys.Path, keys =>
        {
            Assert.Contains("somebody else", Assert.Throws<KeyFileException>(() => _keys.Add("late")).Message, StringComparison.Ordinal);
            return keys;
        });

        Assert.Equal(key.Id, Assert.Single(KeyFile.Read(_keys.Path)).Id);
    }

    [Fact]
    public void Change_ChangeFails_LeavesTheFileAsItWas()
    {
        _keys.Add("acme");
        var before = File.ReadAllText(_keys.Path);

        Assert.Throws<TimeoutException>(() => KeyFile.Change(_keys.Path, _ => throw new TimeoutException()));

        Assert.Equal(before, File.ReadAllText(_keys.Path));
        Assert.Equal(["keys.json"], _keys.Names);
    }

    [Theory]
    [InlineData("", "no file of keys")]
    [InlineData("null", "holds no keys")]
    [InlineData("{}", "keys")]
    [InlineData("""{"keys": [null]}""", "keys")]
    [InlineData("""{"keys": [{"id": "0123456789ab", "salt": "", "hash": "", "tenant": "a", "quota": {}}]}""", "quota")]
    [InlineData("""{"keys": [{"id": "0123456789ab", "salt": null, "hash": "", "tenant": "a"}]}""", "salt")]
    public void Read_NoFileOfKeys_SaysWhere(string content, string word)
    {
        File.WriteAllText(_keys.Path, content);

        var error = Assert.Throws<KeyFileException>(() => KeyFile.Read(_keys.Path));

        Assert.Contains(_keys.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SeveralWrongValues_NamesEveryOne()
    {
        const string Key = """{"id": "ABC", "salt": "AA==", "hash": "AA==", "tenant": "anonymous", "quotas": {"weight": 0, "concurrent_cost": -1, "queued_jobs": -1}}""";
        File.WriteAllText(_keys.Path, $$"""{"keys": [{{Key}}, {{Key}}]}""");

        var message = Assert.Throws<KeyFileException>(() => KeyFile.Read(_keys.Path)).Message;

        foreach (var words in new[]
            { "keys[0].id", "keys[1].salt", "keys[0].hash", "keys[0].tenant", "quotas.weight", "quotas.concurrent_cost", "quotas.queued_jobs", "id ABC is there more than once" })
        {
            Assert.Contains(words, message, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _keys.Dispose();
}
