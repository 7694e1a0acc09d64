using System.CommandLine;
using System.Globalization;
using System.Net;

namespace Diffusion.Mesh.Hosting;

/// <summary>
/// A role's options on the command line. Each can be given as an environment variable too: <c>--max-side</c> is <c>MESH_MAX_SIDE</c>; lists are separated
/// by commas.
/// </summary>
public sealed class ServiceCommandLine
{
    private const string On = "on";

    // The library takes no null for a value that was given.
    private static readonly ListenAddress Nowhere = new(IPAddress.None, 0);

    private readonly List<Option> _options = [];
    private readonly Option<ListenAddress?> _grpc;
    private readonly Option<ListenAddress?> _health;
    private readonly Option<ListenAddress?> _http;
    private readonly Option<string?> _tlsCertificate;
    private readonly Option<string?> _tlsKey;
    private readonly Option<string?> _tlsAuthorities;
    private readonly Option<string?> _publicTlsCertificate;
    private readonly Option<string?> _publicTlsKey;
    private readonly Option<ListenAddress?> _scaler;
    private readonly Option<string[]> _httpNames;
    private readonly Option<string[]> _corsOrigins;
    private readonly Option<string> _models;
    private readonly Option<string[]> _model;
    private readonly Option<string> _name;
    private readonly Option<double> _drain;
    private readonly Option<string> _provider;
    private readonly Option<int> _threads;
    private readonly Option<int> _capacity;
    private readonly Option<string> _batching;
    private readonly Option<string> _sameBits;
    private readonly Option<int> _maxRows;
    private readonly Option<int> _batchMemory;
    private readonly Option<double> _passLimit;
    private readonly Option<double> _shortWorkWeight;
    private readonly Option<Uri[]> _textEncoders;
    private readonly Option<Uri[]> _unets;
    private readonly Option<Uri[]> _vaes;
    private readonly Option<string?> _keys;
    private readonly Option<AnonymousCalls> _anonymous;
    private readonly Option<string?> _redis;
    private readonly Option<string?> _redisPassword;
    private readonly Option<string> _redisTls;
    private readonly Option<string?> _redisAuthorities;
    private readonly Option<string?> _cacheRedis;
    private readonly Option<int> _cacheMemory;
    private readonly Option<int> _running;
    private readonly Option<int> _queued;
    private readonly Option<double> _lease;
    private readonly Option<int> _checkpointSteps;
    private readonly Option<double> _checkpointTime;
    private readonly Option<double> _retention;
    private readonly Option<int> _maxSide;
    private readonly Option<int> _maxPixels;
    private readonly Option<double> _timeout;
    private readonly Option<double> _urlLifetime;
    private readonly Option<Uri?> _publicUrl;
    private readonly Option<double> _grace;
    private readonly Option<int> _traceRing;
    private readonly Option<string?> _oidcIssuer;
    private readonly Option<string?> _oidcAudience;
    private readonly Option<string> _oidcTenantClaim;
    private readonly Option<string?> _oidcOperator;
    private readonly Option<string?> _oidcKey;
    private readonly Option<int> _requestsPerMinute;
    private readonly Option<int> _maxConnections;
    private readonly Option<int> _connectionsPerAddress;
    private readonly Option<double> _headerTimeout;
    private readonly Option<double> _idleTimeout;
    private readonly Option<string?> _auditLog;

    /// <summary>The options of <paramref name="role"/>.</summary>
    public ServiceCommandLine(ServiceRole role)
    {
        var defaults = new ServiceOptions { Grpc = ListenAddress.Loopback(role.DefaultPort) };
        _grpc = Listen("--grpc", "Where gRPC is served: HOST:PORT, HOST an IP address, localhost or *.", role.DefaultPort);
        _health = Listen("--health", "Where plaintext gRPC health is served for probes, or 'none'.", role.DefaultPort + 1);
        _http = Listen("--http", "Where HTTP/1.1 is served, or 'none'.", role.ServesHttp ? role.DefaultPort + 2 : null);
        _tlsCertificate = File("--tls-certificate", "PEM file of the certificate shown to the cluster's other services; with it --tls-key and --tls-ca.");
        _tlsKey = File("--tls-key", "PEM file of its private key.");
        _tlsAuthorities = File("--tls-ca", "PEM file of the authorities that the other services' certificates must come from.");
        _publicTlsCertificate = File("--public-tls-certificate", "Orchestrator: PEM file of the certificate shown to applications, by gRPC and HTTP; with it --public-tls-key.");
        _publicTlsKey = File("--public-tls-key", "PEM file of its private key.");
        _scaler = Listen("--scaler", "Where the orchestrator serves KEDA's external scaler, or 'none'.", null);
        _httpNames = AddList("--http-name", "Host names by which HTTP calls without a key may come, besides IP addresses and localhost.", text => text);
        _corsOrigins = AddList("--cors-origin", "Origins whose pages may call over HTTP, for example https://app.example.", text => text);
        _models = Add("--models", "The folder of model folders.", ModelsFolder.Default(), text => text);
        _model = AddList("--model", "Names of the models to serve; all when none is named.", text => text);
        _name = Add("--name", "The name of this process in traces.", defaults.Name, text => text);
        _drain = Add("--drain", "Seconds that running work may go on after a stop signal.", defaults.Drain.TotalSeconds, Number);
        _provider = Add("--provider", "ONNX Runtime's execution provider: cpu or cuda.", defaults.Provider, text => text);
        _threads = Add("--threads", "Threads of one forward pass; 0: one for each core.", defaults.Threads, Whole);
        _capacity = Add("--capacity", "Calls admitted at once, running or waiting.", defaults.Capacity, Whole);
        _keys = Add<string?>("--keys", "The file of API keys (see 'mesh keys'); it is read again when it changes.", null, text => text);
        _anonymous = Add("--anonymous", "From whom calls without a key are taken: never, loopback or always.", defaults.Anonymous, Name<AnonymousCalls>);
        _batching = Add("--batching", "Share forward passes between jobs: on or off.", Switch(defaults.Batching), Switch);
        _sameBits = Add("--same-bits", "Keep a picture's bits from depending on who shares its forward passes: on or off.", Switch(defaults.SameBits), Switch);
        _maxRows = Add("--max-rows", "The most rows of a forward pass.", defaults.MaxRows, Whole);
        _batchMemory = Add("--batch-memory", "MiB for a forward pass; 0: half of what the process may have.", defaults.BatchMemory, Whole);
        _passLimit = Add("--pass-limit", "Seconds that a forward pass should last at most.", defaults.PassLimit.TotalSeconds, Number);
        _shortWorkWeight = Add(
            "--short-work-weight", "How many times as much time short forward passes get at most as long ones.", defaults.ShortWorkWeight, Number);
        _textEncoders = AddList("--text-encoder", "Addresses of the text encoders, or dns:///NAME:PORT.", ServiceAddress.ParseWorkers);
        _unets = AddList("--unet", "Addresses of the UNet workers, or dns:///NAME:PORT.", ServiceAddress.ParseWorkers);
        _vaes = AddList("--vae", "Addresses of the VAEs, or dns:///NAME:PORT.", ServiceAddress.ParseWorkers);
        _redis = Add<string?>("--redis", "Address of the Redis that orchestrators share, HOST:PORT: jobs and the embedding cache; in memory without it.", null, text => text);
        _redisPassword = File("--redis-password-file", "The file whose first line is Redis's password.");
        _redisTls = Add("--redis-tls", "Reach Redis over TLS: on or off.", Switch(defaults.RedisTls), Switch);
        _redisAuthorities = File("--redis-ca", "PEM file of the authorities that Redis's certificate must come from; the machine's without it.");
        _cacheRedis = Add<string?>("--cache-redis", "Address of another Redis for the embedding cache, HOST:PORT.", null, text => text);
        _cacheMemory = Add("--cache-memory", "MiB that cached embeddings may take.", defaults.CacheMemory, Whole);
        _running = Add("--running", "Jobs that run at once.", defaults.Running, Whole);
        _queued = Add("--queued", "Jobs that may wait.", defaults.Queued, Whole);
        _lease = Add("--lease", "Seconds until a job of an orchestrator that died is taken over.", defaults.Lease.TotalSeconds, Number);
        _checkpointSteps = Add("--checkpoint-steps", "A job's state is kept after every so many model evaluations; 0: never.", defaults.CheckpointSteps, Whole);
        _checkpointTime = Add("--checkpoint-ms", "A job's state is kept this often instead, in milliseconds; 0: by steps.", defaults.CheckpointTime.TotalMilliseconds, Number);
        _retention = Add("--retention", "Seconds that ended jobs and their pictures are kept.", defaults.Retention.TotalSeconds, Number);
        _maxSide = Add("--max-side", "The longest side of a picture in pixels.", defaults.MaxSide, Whole);
        _maxPixels = Add("--max-pixels", "The most pixels of a picture.", defaults.MaxPixels, Whole);
        _timeout = Add("--timeout", "Seconds that a job lasts at most where the client sets no deadline.", defaults.Timeout.TotalSeconds, Number);
        _urlLifetime = Add("--url-lifetime", "Seconds that addresses of pictures in answers are good.", defaults.UrlLifetime.TotalSeconds, Number);
        _publicUrl = Add<Uri?>("--public-url", "What addresses of pictures in answers begin with, for example https://pictures.example; without it as the call's did.", null, Public);
        _grace = Add("--disconnect-grace", "Seconds until a job is cancelled whose client is gone.", defaults.DisconnectGrace.TotalSeconds, Number);
        _traceRing = Add("--trace-ring", "Generations whose spans are kept in memory; 0: none.", defaults.TraceRing, Whole);
        _oidcIssuer = File("--oidc-issuer", "Orchestrator: the OpenID Connect issuer whose tokens are taken beside keys, an https address; with it --oidc-audience.");
        _oidcAudience = File("--oidc-audience", "What its tokens for this cluster have in aud.");
        _oidcTenantClaim = Add("--oidc-tenant-claim", "The claim that names the tenant.", new OidcOptions("", "").TenantClaim, text => text);
        _oidcOperator = File("--oidc-operator", "CLAIM=VALUE: who has the value in the claim is an operator.");
        _oidcKey = File("--oidc-key", "Id of the API key whose models and quotas each tenant of tokens has; all models and no quotas without it.");
        _requestsPerMinute = Add("--requests-per-minute", "Calls of each key, and of each address without one, in a minute; 0: no bound.", defaults.RequestsPerMinute, Whole);
        _maxConnections = Add("--max-connections", "Connections for gRPC and HTTP at once.", defaults.MaxConnections, Whole);
        _connectionsPerAddress = Add("--connections-per-address", "Those of one address.", defaults.ConnectionsPerAddress, Whole);
        _headerTimeout = Add("--header-timeout", "Seconds that a client may take for a request's headers.", defaults.HeaderTimeout.TotalSeconds, Number);
        _idleTimeout = Add("--idle-timeout", "Seconds that a connection may be without a request.", defaults.IdleTimeout.TotalSeconds, Number);
        _auditLog = File("--audit-log", "The file that the audit log is appended to; with the other logs without it.");
    }

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in _options)
            command.Options.Add(option);
    }

    /// <summary>Their values.</summary>
    public ServiceOptions Read(ParseResult result) => new()
    {
        Grpc = result.GetValue(_grpc)!,
        Health = Chosen(result.GetValue(_health)),
        Http = Chosen(result.GetValue(_http)),
        Tls = Identity(result.GetValue(_tlsCertificate), result.GetValue(_tlsKey), result.GetValue(_tlsAuthorities)),
        PublicTls = Identity(result.GetValue(_publicTlsCertificate), result.GetValue(_publicTlsKey), null),
        Scaler = Chosen(result.GetValue(_scaler)),
        HttpNames = result.GetValue(_httpNames)!,
        CorsOrigins = result.GetValue(_corsOrigins)!,
        Models = result.GetValue(_models)!,
        Model = result.GetValue(_model)!,
        Name = result.GetValue(_name)!,
        Drain = TimeSpan.FromSeconds(result.GetValue(_drain)),
        Provider = result.GetValue(_provider)!,
        Threads = result.GetValue(_threads),
        Capacity = result.GetValue(_capacity),
        Batching = result.GetValue(_batching) == On,
        SameBits = result.GetValue(_sameBits) == On,
        MaxRows = result.GetValue(_maxRows),
        BatchMemory = result.GetValue(_batchMemory),
        PassLimit = TimeSpan.FromSeconds(result.GetValue(_passLimit)),
        ShortWorkWeight = result.GetValue(_shortWorkWeight),
        TextEncoders = result.GetValue(_textEncoders)!,
        Unets = result.GetValue(_unets)!,
        Vaes = result.GetValue(_vaes)!,
        Keys = result.GetValue(_keys),
        Anonymous = result.GetValue(_anonymous),
        Redis = result.GetValue(_redis),
        RedisPassword = result.GetValue(_redisPassword),
        RedisTls = result.GetValue(_redisTls) == On,
        RedisAuthorities = result.GetValue(_redisAuthorities),
        CacheRedis = result.GetValue(_cacheRedis),
        CacheMemory = result.GetValue(_cacheMemory),
        Running = result.GetValue(_running),
        Queued = result.GetValue(_queued),
        Lease = TimeSpan.FromSeconds(result.GetValue(_lease)),
        CheckpointSteps = result.GetValue(_checkpointSteps),
        CheckpointTime = TimeSpan.FromMilliseconds(result.GetValue(_checkpointTime)),
        Retention = TimeSpan.FromSeconds(result.GetValue(_retention)),
        MaxSide = result.GetValue(_maxSide),
        MaxPixels = result.GetValue(_maxPixels),
        Timeout = TimeSpan.FromSeconds(result.GetValue(_timeout)),
        UrlLifetime = TimeSpan.FromSeconds(result.GetValue(_urlLifetime)),
        PublicUrl = result.GetValue(_publicUrl),
        DisconnectGrace = TimeSpan.FromSeconds(result.GetValue(_grace)),
        TraceRing = result.GetValue(_traceRing),
        Oidc = Issuer(result),
        RequestsPerMinute = result.GetValue(_requestsPerMinute),
        MaxConnections = result.GetValue(_maxConnections),
        ConnectionsPerAddress = result.GetValue(_connectionsPerAddress),
        HeaderTimeout = TimeSpan.FromSeconds(result.GetValue(_headerTimeout)),
        IdleTimeout = TimeSpan.FromSeconds(result.GetValue(_idleTimeout)),
        AuditLog = result.GetValue(_auditLog),
    };

    private OidcOptions? Issuer(ParseResult result) => result.GetValue(_oidcIssuer) is not { } issuer
        ? null
        : new OidcOptions(issuer, result.GetValue(_oidcAudience) ?? "")
        {
            TenantClaim = result.GetValue(_oidcTenantClaim)!,
            Operator = result.GetValue(_oidcOperator),
            Key = result.GetValue(_oidcKey),
        };

    private static ListenAddress? Chosen(ListenAddress? address) => address == Nowhere ? null : address;

    // What is missing of it is told with the other wrong options.
    private static TlsFiles? Identity(string? certificate, string? key, string? authorities) =>
        certificate is null && key is null && authorities is null ? null : new TlsFiles(certificate ?? "", key ?? "", authorities);

    private Option<string?> File(string name, string description) => Add<string?>(name, description, null, text => text);

    private Option<ListenAddress?> Listen(string name, string description, int? port) =>
        Add(name, description, port is { } p ? ListenAddress.Loopback(p) : null, text =>
            text == "none" && name != "--grpc" ? Nowhere
            : ListenAddress.TryParse(text, out var address) ? address
            : throw new FormatException("HOST:PORT is expected, with an IP address, localhost or * as HOST"));

    private Option<T> Add<T>(string name, string description, T value, Func<string, T> parse) =>
        AddOption(name, description, texts => parse(texts[^1]), value, ArgumentArity.ExactlyOne);

    private Option<T[]> AddList<T>(string name, string description, Func<string, T> parse) =>
        AddOption(
            name,
            description,
            texts => texts.SelectMany(t => t.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(parse).ToArray(),
            [],
            ArgumentArity.OneOrMore);

    private Option<T> AddOption<T>(string name, string description, Func<string[], T> parse, T value, ArgumentArity arity)
    {
        var variable = "MESH_" + name[2..].Replace('-', '_').ToUpperInvariant();
        var option = new Option<T>(name) { Description = $"{description} [{variable}]", Arity = arity, AllowMultipleArgumentsPerToken = false };
        option.CustomParser = result =>
        {
            try
            {
                return parse([.. result.Tokens.Select(t => t.Value)]);
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                result.AddError($"{name}: {e.Message.TrimEnd('.')}.");
                return value;
            }
        };
        option.DefaultValueFactory = result =>
        {
            if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } text)
                return value;
            try
            {
                return parse([text]);
            }
            catch (Exception e) when (e is FormatException or OverflowException)
            {
                result.AddError($"{variable}: {e.Message.TrimEnd('.')}.");
                return value;
            }
        };
        _options.Add(option);
        return option;
    }

    private static T Name<T>(string text)
        where T : struct, Enum =>
        Enum.GetValues<T>().Cast<T?>().FirstOrDefault(v => string.Equals(v.ToString(), text, StringComparison.OrdinalIgnoreCase))
        ?? throw new FormatException($"'{text}' is none of {string.Join(", ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant()))}");

    private static Uri Public(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri is { Query: "", Fragment: "", UserInfo: "" }
            ? uri
            : throw new FormatException("an address that begins with http:// or https:// is expected, without query");

    // Not a bool: the library takes true and false only, and no value as true.
    private static string Switch(string text) => text is On or "off" ? text : throw new FormatException("on or off is expected");

    private static string Switch(bool value) => value ? On : "off";

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static int Whole(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
