using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace Diffusion.Mesh.State;

/// <summary>Redis over TLS.</summary>
internal static class RedisTls
{
    /// <param name="configuration">Of one server, which must prove its host's name.</param>
    /// <param name="authorities">Whom its certificate must come from; null: the machine's.</param>
    public static void Add(ConfigurationOptions configuration, X509Certificate2Collection? authorities)
    {
        configuration.Ssl = true;
        configuration.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        configuration.SslHost ??= configuration.EndPoints[0] switch
        {
            DnsEndPoint name => name.Host,
            IPEndPoint address => address.Address.ToString(),
            var other => other.ToString(),
        };
        if (authorities is not null)
        {
            configuration.CertificateValidation += (_, certificate, chain, errors) =>
                (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == 0 && certificate is X509Certificate2 shown && Comes(shown, chain, authorities);
        }
    }

    private static bool Comes(X509Certificate2 certificate, X509Chain? sent, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (sent is not null)
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        return chain.Build(certificate);
    }
}
