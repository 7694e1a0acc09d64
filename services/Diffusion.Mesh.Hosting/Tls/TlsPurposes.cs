using System.Security.Cryptography;

namespace Diffusion.Mesh.Hosting;

/// <summary>Extended key usages (RFC 5280, 4.2.1.12).</summary>
internal static class TlsPurposes
{
    public static Oid Server { get; } = new("1.3.6.1.5.5.7.3.1");

    public static Oid Client { get; } = new("1.3.6.1.5.5.7.3.2");
}
