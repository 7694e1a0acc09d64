using Diffusion.Mesh.Identity;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.ServiceTests;

public sealed class KeyRingTests : IDisposable
{
    private readonly TemporaryKeys _keys = new();
    private readonly ManualTime _time = new();
    private readonly ErrorLog _log = new();
    private readonly LoggerFactory _loggers;

    public KeyRingTests() => _loggers = new LoggerFactory([_log]);

    [Fact]
    public void Find_GoodKey_GivesItsCaller()
    {
        var key = _keys.Add("acme", quotas: new Quotas { Weight = 3 }, models: "shapes");
        using var ring = Open();

        var caller = ring.Find(key)!;

        Assert.Equal((key.Id, "acme", 3), (caller.KeyId, caller.Tenant, caller.Quotas.Weight));
        Assert.True(caller.MayUse("shapes"));
        Assert.False(caller.MayUse("other"));
    }

    [Fact]
    public void Find_OtherSecretOrId_GivesNobody()
    {
        var key = _keys.Add("acme");
        using var ring = Open();

        Assert.Null(ring.Find(key with { Secret = ApiKey.Create().Secret }));
        Assert.Null(ring.Find(key with { Id = ApiKey.Create().Id }));
    }

    [Fact]
    public void Find_Expired_GivesNobodyFromThatMomentOn()
    {
        var key = _keys.Add("acme", _time.GetUtcNow() + TimeSpan.FromHours(1));
        using var ring = Open();
        Assert.NotNull(ring.Find(key));

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Null(ring.Find(key));
    }

    [Fact]
    public void Find_KeyJustMade_IsFoundAtOnce()
    {
        _keys.Add("acme");
        using var ring = Open();

        Assert.NotNull(ring.Find(_keys.Add("late")));
    }

    [Fact]
    public void Find_KeyRevoked_GivesNobodyASecondLater()
    {
        var (key, other) = (_keys.Add("acme"), _keys.Add("acme"));
        using var ring = Open();
        _keys.Revoke(key);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(ring.Find(key));
        Assert.NotNull(ring.Find(other));
    }

    [Fact]
    public void Find_NewFileBroken_KeepsTheOldKeysAndSaysSo()
    {
        var key = _keys.Add("acme");
        using var ring = Open();
        File.WriteAllText(_keys.Path, "{");

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.NotNull(ring.Find(key));
        Assert.Contains(_log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains(_keys.Path, StringComparison.Ordinal));
    }

    [Fact]
    public void Find_FileGoneAndBack_TakesTheNewOne()
    {
        var key = _keys.Add("acme");
        using var ring = Open();
        File.Delete(_keys.Path);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(ring.Find(key));

        var late = _keys.Add("late");
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(ring.Find(key));
        Assert.NotNull(ring.Find(late));
    }

    [Fact]
    public void Open_NoFile_Fails() => Assert.Throws<KeyFileException>(() => Open());

    public void Dispose()
    {
        _loggers.Dispose();
        _keys.Dispose();
    }

    private KeyRing Open() => new(_keys.Path, _time, _loggers.CreateLogger<KeyRing>());
}
