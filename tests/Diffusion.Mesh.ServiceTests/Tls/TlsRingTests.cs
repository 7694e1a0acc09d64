using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Testing;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.ServiceTests;

public sealed class TlsRingTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly ManualTime _time = new();
    private readonly ErrorLog _log = new();
    private readonly LoggerFactory _loggers;
    private readonly DirectoryInfo _mount = Directory.CreateTempSubdirectory("mesh-mount-");
    private int _mounts;

    public TlsRingTests() => _loggers = new LoggerFactory([_log]);

    [Fact]
    public void Server_MountedSecretIsSwapped_ShowsTheNewCertificate()
    {
        Mount("first");
        using var ring = Open();
        var before = Shown(ring);

        Mount("second");
        Assert.Equal(before, Shown(ring));
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.NotEqual(before, Shown(ring));
    }

    [Fact]
    public void Server_NewFilesCannotBeUsed_ShowsTheOldCertificateUntilTheyCan()
    {
        Mount("first");
        using var ring = Open();
        var before = Shown(ring);

        Mount("broken", key: "no key");
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(before, Shown(ring));
        Assert.Single(_log.Lines, l => l.Contains("cannot be used", StringComparison.Ordinal));

        Mount("third");
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.NotEqual(before, Shown(ring));
    }

    public void Dispose()
    {
        _loggers.Dispose();
        _authority.Dispose();
        _mount.Delete(recursive: true);
    }

    private static string Shown(TlsRing ring) => ring.Server().ServerCertificateContext!.TargetCertificate.Thumbprint;

    private TlsRing Open() => new(
        new TlsFiles(In("tls.crt"), In("tls.key"), In("ca.crt")), _time, _loggers.CreateLogger<TlsRing>());

    private string In(string file) => Path.Combine(_mount.FullName, file);

    // As Kubernetes mounts a secret: links to links, of which the middle one is swapped.
    private void Mount(string version, string? key = null)
    {
        var folder = _mount.CreateSubdirectory($"..{version}").FullName;
        var issued = _authority.Issue("service.test");
        File.Copy(issued.Certificate, Path.Combine(folder, "tls.crt"));
        File.WriteAllText(Path.Combine(folder, "tls.key"), key ?? File.ReadAllText(issued.Key));
        File.Copy(_authority.Authorities, Path.Combine(folder, "ca.crt"));
        // Two mounts of a test may come within one tick of the file system's clock.
        File.SetLastWriteTimeUtc(Path.Combine(folder, "tls.crt"), DateTime.UnixEpoch.AddSeconds(++_mounts));
        File.Delete(In("..data"));
        File.CreateSymbolicLink(In("..data"), $"..{version}");
        foreach (var file in new[] { "tls.crt", "tls.key", "ca.crt" })
        {
            if (!File.Exists(In(file)))
                File.CreateSymbolicLink(In(file), Path.Combine("..data", file));
        }
    }
}
