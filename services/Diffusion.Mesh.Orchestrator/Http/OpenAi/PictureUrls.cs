using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Microsoft.AspNetCore.Http;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// Addresses by which anybody may fetch a picture for a while: signed (HMAC-SHA256) with a key that all orchestrators of the cluster find in the store. They name a
/// job, which is beyond guessing, and no tenant.
/// </summary>
internal sealed class PictureUrls(IJobStore store, ServiceOptions options, TimeProvider time)
{
    /// <summary>The route of such an address.</summary>
    public const string Pattern = "/pictures/{id}/{index}";

    // So that guesses cost the store nothing.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private Known? _known;

    /// <summary>The address of a picture, good for <see cref="ServiceOptions.UrlLifetime"/>.</summary>
    /// <param name="request">The call that it is for: without <see cref="ServiceOptions.PublicUrl"/> it begins like that one's.</param>
    public async Task<string> OfAsync(HttpRequest request, string job, int index, CancellationToken cancellation)
    {
        var expires = (time.GetUtcNow() + options.UrlLifetime).ToUnixTimeSeconds();
        var signature = Base64Url.EncodeToString(await SignatureAsync(job, index, expires, cancellation));
        var root = options.PublicUrl?.ToString().TrimEnd('/') ?? $"{request.Scheme}://{request.Host}";
        return $"{root}/pictures/{job}/{index}?expires={expires}&signature={signature}";
    }

    /// <summary>Checks an address.</summary>
    /// <param name="expires">As it stands there, seconds since 1970.</param>
    /// <param name="signature">As it stands there.</param>
    /// <exception cref="ServiceException">It is none of ours, or has expired.</exception>
    public async Task CheckAsync(string job, int index, string expires, string signature, CancellationToken cancellation)
    {
        var given = new byte[HMACSHA256.HashSizeInBytes];
        var isOne = long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var end)
            && Base64Url.DecodeFromChars(signature, given, out _, out var length) == OperationStatus.Done
            && length == given.Length;
        var right = isOne ? await SignatureAsync(job, index, end, cancellation) : [];
        if (!CryptographicOperations.FixedTimeEquals(given, right))
            throw new ServiceException(ServiceError.Forbidden, "This address is not signed by this server.");
        if (time.GetUtcNow().ToUnixTimeSeconds() >= end)
            throw new ServiceException(ServiceError.Forbidden, "This address has expired.");
    }

    private async Task<byte[]> SignatureAsync(string job, int index, long expires, CancellationToken cancellation)
    {
        var key = await KeyAsync(cancellation);
        return HMACSHA256.HashData(key.Span, Encoding.UTF8.GetBytes($"picture {job} {index} {expires}"));
    }

    private async Task<ReadOnlyMemory<byte>> KeyAsync(CancellationToken cancellation)
    {
        if (_known is not { } known || time.GetElapsedTime(known.Asked) > Fresh)
            _known = known = new Known(await store.SigningKeyAsync(cancellation), time.GetTimestamp());
        return known.Key;
    }

    private sealed record Known(ReadOnlyMemory<byte> Key, long Asked);
}
