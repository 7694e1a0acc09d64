using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Diffusion.Mesh.Hosting;

/// <summary>What a process proves itself with, and whom it believes, as its files were at one time.</summary>
/// <param name="Own">The certificate with its key and those between it and its authority.</param>
/// <param name="Authorities">Whom the other side's certificate must come from; empty: nothing is asked of it.</param>
internal sealed record TlsIdentity(SslStreamCertificateContext Own, X509Certificate2Collection Authorities)
{
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file holds no certificate or key, or they do not belong together.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static TlsIdentity Read(TlsFiles files)
    {
        var own = X509Certificate2.CreateFromPemFile(files.Certificate, files.Key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(files.Certificate);
        // Its first is the certificate itself.
        chain.RemoveAt(0);
        var authorities = new X509Certificate2Collection();
        if (files.Authorities is { } path)
        {
            authorities.ImportFromPemFile(path);
            if (authorities.Count == 0)
                throw new CryptographicException($"{path} holds no certificate.");
        }

        return new TlsIdentity(SslStreamCertificateContext.Create(own, chain, offline: true), authorities);
    }

    /// <summary>Whether a certificate comes from the authorities, is good now, and is meant for this side of a connection.</summary>
    /// <param name="sent">What came with it.</param>
    /// <param name="purpose">An extended key usage; a certificate without any serves every purpose.</param>
    public bool Believes(X509Certificate2 certificate, X509Certificate2Collection? sent, Oid purpose)
    {
        using var chain = new X509Chain { ChainPolicy = Policy(purpose) };
        if (sent is not null)
            chain.ChainPolicy.ExtraStore.AddRange(sent);
        var isGood = chain.Build(certificate);
        foreach (var element in chain.ChainElements)
            element.Certificate.Dispose();
        return isGood;
    }

    // Authorities of one's own publish no lists of what they revoked: their certificates are short-lived.
    private X509ChainPolicy Policy(Oid purpose)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(Authorities);
        policy.ApplicationPolicy.Add(purpose);
        return policy;
    }
}
