using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Diffusion.Mesh.Identity;

/// <summary>
/// An API key as its holder has it, <c>mesh_ID_SECRET</c>: found by its id, proven by its secret. Only the secret is one.
/// </summary>
/// <param name="Id">12 characters of 0-9 and a-f.</param>
/// <param name="Secret">32 random bytes.</param>
public sealed record ApiKey(string Id, byte[] Secret)
{
    private const string Prefix = "mesh_";
    private const int IdLength = 12;
    private const int SecretBytes = 32;

    // Base64 without padding.
    private const int SecretLength = 43;

    /// <summary>A new key.</summary>
    public static ApiKey Create() => new(
        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdLength / 2)), RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>Whether a text is an id.</summary>
    public static bool IsId(string text) => text.Length == IdLength && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Parses what a caller sent.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ApiKey? key)
    {
        key = null;
        if (text.Length != Prefix.Length + IdLength + 1 + SecretLength || !text.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        var id = text.Substring(Prefix.Length, IdLength);
        var secret = new byte[SecretBytes];
        if (!IsId(id) || text[Prefix.Length + IdLength] != '_')
            return false;
        if (Base64Url.DecodeFromChars(text.AsSpan()[^SecretLength..], secret, out _, out var written) != OperationStatus.Done || written != SecretBytes)
            return false;
        key = new ApiKey(id, secret);
        return true;
    }

    /// <summary>As its holder gets it. Not <see cref="ToString"/>, which finds its way into logs.</summary>
    public string Text() => $"{Prefix}{Id}_{Base64Url.EncodeToString(Secret)}";

    /// <inheritdoc/>
    public override string ToString() => Id;
}
