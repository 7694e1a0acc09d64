namespace Diffusion.Mesh.State;

/// <summary>
/// A Lua script: one atomic change. Redis caches it by its hash. Its first line says what Redis may let it do when memory is full: everything but new work may go on
/// (<c>allow-oom</c>, Redis 7), so that running work can end.
/// </summary>
internal sealed class RedisScript
{
    private const string NewWork = "#!lua\n";
    private const string RunningWork = "#!lua flags=allow-oom\n";
    private const string Reading = "#!lua flags=no-writes\n";

    private readonly string _shebang;
    private readonly string _body;

    private RedisScript(string name, string shebang, string shared = "") =>
        (Name, _shebang, _body) = (name, shebang, Read("common") + (shared.Length > 0 ? Read(shared) : "") + Read(name));

    public static RedisScript Submit { get; } = new("submit", NewWork);

    public static RedisScript Claim { get; } = new("claim", RunningWork);

    public static RedisScript Renew { get; } = new("renew", RunningWork);

    public static RedisScript Checkpoint { get; } = new("checkpoint", RunningWork);

    public static RedisScript Publish { get; } = new("publish", RunningWork);

    public static RedisScript PublishTransient { get; } = new("publish_transient", RunningWork);

    public static RedisScript Complete { get; } = new("complete", RunningWork);

    public static RedisScript Release { get; } = new("release", RunningWork);

    public static RedisScript ReportKill { get; } = new("report_kill", RunningWork);

    public static RedisScript Cancel { get; } = new("cancel", RunningWork);

    public static RedisScript Get { get; } = new("get", Reading);

    public static RedisScript List { get; } = new("list", RunningWork);

    public static RedisScript Watch { get; } = new("watch", Reading);

    public static RedisScript Result { get; } = new("result", Reading);

    public static RedisScript AnyResult { get; } = new("any_result", Reading);

    public static RedisScript SigningKey { get; } = new("signing_key", RunningWork);

    public static RedisScript Active { get; } = new("active", Reading);

    public static RedisScript Count { get; } = new("count", Reading);

    public static RedisScript EmbeddingTake { get; } = new("embedding_take", RunningWork, "embeddings");

    public static RedisScript EmbeddingHold { get; } = new("embedding_hold", RunningWork, "embeddings");

    public static RedisScript EmbeddingPut { get; } = new("embedding_put", NewWork, "embeddings");

    public static RedisScript EmbeddingDrop { get; } = new("embedding_drop", RunningWork, "embeddings");

    public static RedisScript ChoiceGet { get; } = new("choice_get", RunningWork);

    public static RedisScript ChoicePut { get; } = new("choice_put", RunningWork);

    /// <summary>For messages.</summary>
    public string Name { get; }

    /// <summary>The whole script for keys of this prefix.</summary>
    public string Text(RedisKeys keys) => _shebang + keys.Lua + _body;

    private static string Read(string name)
    {
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
