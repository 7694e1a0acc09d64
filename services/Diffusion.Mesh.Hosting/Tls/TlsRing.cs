using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Diffusion.Mesh.Identity;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Hosting;

/// <summary>
/// The identity that is good now: the files are looked at every ten seconds. New ones that cannot be used are logged, and the identity that was good stays so. It counts
/// for new connections; those that are open stay.
/// </summary>
public sealed partial class TlsRing : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    private readonly TlsFiles _files;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private FileStamp[] _seen;
    private volatile TlsIdentity _identity;

    /// <exception cref="CryptographicException">A file holds no certificate or key, or they do not belong together.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public TlsRing(TlsFiles files, TimeProvider time, ILogger<TlsRing> logger)
    {
        (_files, _logger) = (files, logger);
        _seen = Stamps();
        _identity = TlsIdentity.Read(files);
        _timer = time.CreateTimer(_ => ReadAgain(), null, Look, Look);
    }

    /// <summary>What a server does in a handshake: shows the certificate, and where there are authorities takes only peers that come from them.</summary>
    public SslServerAuthenticationOptions Server()
    {
        var identity = _identity;
        var asks = identity.Authorities.Count > 0;
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = identity.Own,
            ClientCertificateRequired = asks,
            RemoteCertificateValidationCallback = asks
                ? (_, certificate, chain, _) => certificate is X509Certificate2 shown && identity.Believes(shown, chain?.ChainPolicy.ExtraStore, TlsPurposes.Client)
                : null,
        };
    }

    /// <summary>What a client does in each handshake: shows the certificate, and takes only a server of the right name that comes from the authorities.</summary>
    public SslClientAuthenticationOptions Client() => new()
    {
        LocalCertificateSelectionCallback = (_, _, _, _, _) => _identity.Own.TargetCertificate,
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            (errors & (SslPolicyErrors.RemoteCertificateNameMismatch | SslPolicyErrors.RemoteCertificateNotAvailable)) == 0
            && certificate is X509Certificate2 shown
            && _identity.Believes(shown, chain?.ChainPolicy.ExtraStore, TlsPurposes.Server),
    };

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void ReadAgain()
    {
        var stamps = Stamps();
        if (stamps.SequenceEqual(_seen))
            return;
        try
        {
            // The files are replaced one after the other: a pair that does not fit is looked at again.
            _identity = TlsIdentity.Read(_files);
            _seen = stamps;
            LogRead(_files.Certificate, _identity.Own.TargetCertificate.NotAfter);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            LogUnusable(_files.Certificate, e.Message);
        }
    }

    private FileStamp[] Stamps() =>
        [FileStamp.Of(_files.Certificate), FileStamp.Of(_files.Key), _files.Authorities is { } path ? FileStamp.Of(path) : default];

    [LoggerMessage(70, LogLevel.Information, "The certificate {Path} was read again; it is good until {Until}")]
    private partial void LogRead(string path, DateTime until);

    [LoggerMessage(71, LogLevel.Warning, "The certificate {Path}, its key or its authorities changed and cannot be used, so those read before stay good: {Reason}")]
    private partial void LogUnusable(string path, string reason);
}
