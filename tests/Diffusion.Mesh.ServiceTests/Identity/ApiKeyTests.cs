using Diffusion.Mesh.Identity;

namespace Diffusion.Mesh.ServiceTests;

public sealed class ApiKeyTests
{
    [Fact]
    public void TryParse_TextOfAKey_GivesTheSameKey()
    {
        for (var i = 0; i < 100; i++)
        {
            var key = ApiKey.Create();

            Assert.True(ApiKey.TryParse(key.Text(), out var parsed));
            Assert.Equal(key.Id, parsed.Id);
            Assert.Equal(key.Secret, parsed.Secret);
        }
    }

    [Fact]
    public void TryParse_OtherTexts_AreNone()
    {
        var good = ApiKey.Create().Text();
        string[] wrong =
        [
            "", "mesh_", good[..^1], good + "A", good.ToUpperInvariant(), good.Replace("mesh_", "mash_"), good.Replace('_', '-'), good[..^2] + "!!",
            good[..5] + "zzzzzzzzzzzz" + good[17..], new string('_', good.Length), $" {good}", good[..18] + new string('\ud800', 43),
        ];

        Assert.All(wrong, text => Assert.False(ApiKey.TryParse(text, out _), text));
    }

    [Fact]
    public void TryParse_SecondSpellingOfASecret_IsNone()
    {
        var good = ApiKey.Create().Text();
        const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

        Assert.Equal(16, Letters.Count(last => ApiKey.TryParse(good[..^1] + last, out _)));
    }

    [Fact]
    public void ToString_Key_KeepsTheSecret()
    {
        var key = ApiKey.Create();

        Assert.Equal(key.Id, $"{key}");
        Assert.DoesNotContain(key.Text()[18..], $"{key}", StringComparison.Ordinal);
    }

    [Fact]
    public void Matches_OwnSecretOnly()
    {
        var (key, other) = (ApiKey.Create(), ApiKey.Create());
        var hash = KeyHash.Of(key.Secret);

        Assert.True(hash.Matches(key.Secret));
        Assert.False(hash.Matches(other.Secret));
        Assert.NotEqual(hash.Hash, KeyHash.Of(key.Secret).Hash);
    }
}
