using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.Hosting;

/// <summary>TLS on a service's listeners.</summary>
internal static class TlsSetup
{
    /// <exception cref="OptionsException">Files cannot be used.</exception>
    public static void Add(WebApplicationBuilder builder, ServiceOptions options)
    {
        // Told at start, with the option's name; what happens to the files later is the rings' affair.
        string[] problems = [.. Problems("--tls-certificate", options.Tls), .. Problems("--public-tls-certificate", options.PublicTls)];
        if (problems.Length > 0)
            throw new OptionsException(problems);
        builder.Services.AddSingleton<TlsRings>();
        builder.WebHost.UseKestrelHttpsConfiguration();
    }

    /// <summary>Makes a listener speak TLS with what the ring holds at each handshake.</summary>
    public static void Use(ListenOptions listen, TlsRing ring) => listen.UseHttps(new TlsHandshakeCallbackOptions
    {
        OnConnection = _ => ValueTask.FromResult(ring.Server()),
    });

    private static IEnumerable<string> Problems(string option, TlsFiles? files)
    {
        if (files is null)
            return [];
        try
        {
            TlsIdentity.Read(files);
            return [];
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return [$"{option}: {e.Message}"];
        }
    }
}
