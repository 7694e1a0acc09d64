using Diffusion.Mesh.Identity;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>A file of keys that goes with the test.</summary>
internal sealed class TemporaryKeys : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mesh-keys-").FullName;

    public string Path => System.IO.Path.Combine(_folder, "keys.json");

    /// <summary>Names of the files beside it, itself included.</summary>
    public string[] Names => [.. Directory.EnumerateFiles(_folder).Select(f => System.IO.Path.GetFileName(f))];

    /// <summary>Adds a key of a tenant.</summary>
    public ApiKey Add(string tenant, DateTimeOffset? expires = null, Quotas? quotas = null, params string[] models) =>
        Add(tenant, isOperator: false, expires, quotas, models);

    /// <summary>Adds an operator's key.</summary>
    public ApiKey AddOperator(string tenant) => Add(tenant, isOperator: true, null, null, []);

    private ApiKey Add(string tenant, bool isOperator, DateTimeOffset? expires, Quotas? quotas, string[] models)
    {
        var key = ApiKey.Create();
        var hash = KeyHash.Of(key.Secret);
        var entry = new KeyEntry
        {
            Id = key.Id,
            Salt = hash.Salt,
            Hash = hash.Hash,
            Tenant = tenant,
            Models = models,
            Quotas = quotas ?? Quotas.None,
            Expires = expires,
            Operator = isOperator,
        };
        KeyFile.Change(Path, keys => [.. keys, entry]);
        return key;
    }

    public void Revoke(ApiKey key) => KeyFile.Change(Path, keys => [.. keys.Where(k => k.Id != key.Id)]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
