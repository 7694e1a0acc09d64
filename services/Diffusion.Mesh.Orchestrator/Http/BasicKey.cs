using System.Text;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>A key that comes by HTTP's basic authentication: as the password, or alone.</summary>
internal static class BasicKey
{
    private const string Scheme = "Basic";

    /// <summary>The header as one that bears a key; as it is where it is of another scheme.</summary>
    /// <returns>Null: it says nothing, as of clients whose user left the field empty.</returns>
    public static string? AsBearer(string? authorization)
    {
        var words = authorization?.Trim();
        if (words is null || !words.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || (words.Length > Scheme.Length && words[Scheme.Length] != ' '))
            return authorization;
        var credentials = Decode(words[Scheme.Length..].Trim());
        if (credentials is null)
            return authorization;
        var (user, colon, password) = (credentials, credentials.IndexOf(':'), "");
        if (colon >= 0)
            (user, password) = (credentials[..colon], credentials[(colon + 1)..]);
        var key = password.Length > 0 ? password : user;
        return key.Length > 0 ? $"Bearer {key}" : null;
    }

    // No key has other characters than ASCII's.
    private static string? Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var written) ? Encoding.ASCII.GetString(bytes.AsSpan(0, written)) : null;
    }
}
