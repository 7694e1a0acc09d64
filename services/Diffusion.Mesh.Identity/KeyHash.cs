using System.Security.Cryptography;

namespace Diffusion.Mesh.Identity;

/// <summary>
/// What is kept of a secret: SHA-256 over a salt and the secret. No slow hash is needed, because the secret is no password: it has 256 random bits,
/// which nobody guesses however fast one tries; and a slow one would let strangers keep the server busy with wrong keys.
/// </summary>
/// <param name="Salt">16 random bytes, so that equal secrets could not be told from the file.</param>
/// <param name="Hash">32 bytes.</param>
public sealed record KeyHash(byte[] Salt, byte[] Hash)
{
    /// <summary>Bytes of a salt.</summary>
    public const int SaltBytes = 16;

    /// <summary>The hash of a secret, with a new salt.</summary>
    public static KeyHash Of(byte[] secret)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new KeyHash(salt, Compute(salt, secret));
    }

    /// <summary>Whether it is this secret's; takes as long whether it is or not.</summary>
    public bool Matches(byte[] secret) => CryptographicOperations.FixedTimeEquals(Compute(Salt, secret), Hash);

    private static byte[] Compute(byte[] salt, byte[] secret) => SHA256.HashData([.. salt, .. secret]);
}
