using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Diffusion.Mesh.Hosting;

/// <summary>
/// The keys that an issuer signs with, as its discovery document and key set tell. They are read when first needed, each twelve hours, and when a token names a key that is not among
/// them; at most every thirty seconds, so that strangers with invented keys do not keep the issuer busy. While it cannot be reached what was read stays good.
/// </summary>
public sealed partial class OidcKeys : IDisposable
{
    private const string Document = ".well-known/openid-configuration";
    private const int MaxBytes = 1 << 20;

    private static readonly TimeSpan Age = TimeSpan.FromHours(12);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string _issuer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HttpClient _client;
    private readonly SemaphoreSlim _reading = new(1);
    private volatile Known? _known;
    private DateTimeOffset _tried;

    /// <param name="issuer">Its address.</param>
    public OidcKeys(string issuer, TimeProvider time, ILogger<OidcKeys> logger)
    {
        (_issuer, _time, _logger) = (issuer, time, logger);
        // What redirects is not the issuer that was named.
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = Patience })
        {
            Timeout = Patience,
            MaxResponseContentBufferSize = MaxBytes,
        };
    }

    /// <summary>The keys, with that of a token where the issuer has it; null: the issuer was never reached.</summary>
    /// <param name="id">The key's id, as the token has it in <c>kid</c>.</param>
    public async ValueTask<ICollection<SecurityKey>?> FindAsync(string id, CancellationToken cancellation)
    {
        if (IsGood(_known, id))
            return _known!.Keys;
        await _reading.WaitAsync(cancellation);
        try
        {
            if (!IsGood(_known, id) && _time.GetUtcNow() - _tried >= Pause)
                await ReadAsync();
            return _known?.Keys;
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _reading.Dispose();
    }

    private bool IsGood(Known? known, string id) => known is not null && _time.GetUtcNow() - known.Read < Age && known.Keys.Any(k => k.KeyId == id);

    // Not cancelled with the call: the next one needs the same.
    private async Task ReadAsync()
    {
        _tried = _time.GetUtcNow();
        try
        {
            var documents = new HttpDocumentRetriever(_client) { RequireHttps = _issuer.StartsWith("https:", StringComparison.OrdinalIgnoreCase) };
            var found = await OpenIdConnectConfigurationRetriever.GetAsync($"{_issuer.TrimEnd('/')}/{Document}", documents, CancellationToken.None);
            if (found.Issuer != _issuer)
                throw new InvalidDataException("The document is another issuer's.");
            _known = new Known(found.SigningKeys, _time.GetUtcNow());
            LogRead(found.SigningKeys.Count);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException or InvalidOperationException or ArgumentException or InvalidDataException)
        {
            LogAway((e.InnerException ?? e).Message);
        }
    }

    [LoggerMessage(64, LogLevel.Information, "The token issuer's keys were read; it has {Count}")]
    private partial void LogRead(int count);

    [LoggerMessage(65, LogLevel.Warning, "The token issuer's keys cannot be read, so those read before stay good: {Reason}")]
    private partial void LogAway(string reason);

    private sealed record Known(ICollection<SecurityKey> Keys, DateTimeOffset Read);
}
