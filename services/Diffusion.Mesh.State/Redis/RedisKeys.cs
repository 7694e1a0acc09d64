using StackExchange.Redis;

namespace Diffusion.Mesh.State;

/// <summary>
/// Every key and channel of ours in Redis. Those of the table below begin with <c>{prefix}:</c>, which is <c>mesh:1</c> unless an option says otherwise; the number is the
/// schema's version. Scripts build keys from <see cref="Lua"/>, and nothing else does.
/// <list type="table">
/// <listheader><term>key: type</term><description>content; owner; time-to-live</description></listheader>
/// <item><term><c>job:ID</c>: hash</term><description>what <see cref="JobInfo"/> shows, epoch, owner, trace context; its owner; deadline + retention + 1 h,
/// renewed with the lease; from its end on the retention</description></item>
/// <item><term><c>job:ID:spec</c>: string</term><description>what does not change; as <c>job:ID</c>, removed at the end</description></item>
/// <item><term><c>job:ID:checkpoint</c>: string</term><description>the latest state; as <c>job:ID</c>, removed at the end</description></item>
/// <item><term><c>job:ID:kills</c>: set</term><description>epoch and attempt of each worker that it killed; as <c>job:ID</c>, removed at the end</description></item>
/// <item><term><c>job:ID:events</c>: hash</term><description>slot to the latest event (<see cref="EventPacket"/>); as <c>job:ID</c></description></item>
/// <item><term><c>job:ID:result:N</c>: string</term><description>a result; nobody; retention</description></item>
/// <item><term><c>request:TENANT:SHA256</c>: hash</term><description>job and request hash of a request id; the job's; as <c>job:ID</c></description></item>
/// <item><term><c>queue</c>: zset</term><description>tenants that wait by virtual time; the store; 14 days</description></item>
/// <item><term><c>queue:TENANT</c>: zset</term><description>waiting jobs by priority, then arrival; the store; 14 days</description></item>
/// <item><term><c>deadlines</c>: zset</term><description>waiting jobs (TENANT/ID) by deadline; the store; 14 days</description></item>
/// <item><term><c>leases</c>: zset</term><description>running jobs (TENANT/ID) by the end of their lease, 0 when released; the store; 14 days</description></item>
/// <item><term><c>running:TENANT</c>: hash</term><description>running jobs to their cost; the store; 14 days</description></item>
/// <item><term><c>quota:TENANT</c>: hash</term><description>limits, virtual time, bucket of the cost per minute; the store; 14 days</description></item>
/// <item><term><c>jobs:TENANT</c>: zset</term><description>the tenant's jobs by arrival; the store; 14 days</description></item>
/// <item><term><c>tenants</c>: zset</term><description>tenants by their last submission; the store; 14 days</description></item>
/// <item><term><c>clock</c>: hash</term><description>virtual time, arrivals so far, when somebody last claimed; the store; 14 days</description></item>
/// <item><term><c>signing-key</c>: string</term><description>32 random bytes by which pictures' addresses are signed; the store; 14 days</description></item>
/// <item><term><c>embedding:KEY</c>: string</term><description>checksum and tensor; the cache; 7 days from its last use</description></item>
/// <item><term><c>embedding-lock:KEY</c>: string</term><description>who encodes it; that process; 2 s, renewed</description></item>
/// <item><term><c>embeddings</c>: zset</term><description>embeddings by last use; the cache; 14 days</description></item>
/// <item><term><c>embedding-sizes</c>: hash</term><description>embeddings to their bytes, and their sum; the cache; 14 days</description></item>
/// <item><term><c>choice:TENANT:ABOUT</c>: string</term><description>what a tenant chose; the tenant; 14 days from its last use</description></item>
/// <item><term><c>news:ID</c>: channel</term><description>the job's events and its end</description></item>
/// <item><term><c>signals</c>: channel</term><description>work may be there; a running job should be cancelled</description></item>
/// </list>
/// Times are milliseconds of Redis's clock. The 14 days of the store's keys begin anew when half of them has passed and a script touches the key.
/// </summary>
internal sealed class RedisKeys(string prefix)
{
    public const string DefaultPrefix = "mesh:1";

    /// <summary>Lua functions that name the keys.</summary>
    public string Lua { get; } = $"""
        local P = '{Checked(prefix)}:'
        local QUEUE, DEADLINES, LEASES, TENANTS, CLOCK = P..'queue', P..'deadlines', P..'leases', P..'tenants', P..'clock'
        local SIGNING_KEY = P..'signing-key'
        local EMBEDDINGS, EMBEDDING_SIZES = P..'embeddings', P..'embedding-sizes'
        local SIGNALS = P..'signals'
        local function jobKey(id) return P..'job:'..id end
        local function specKey(id) return P..'job:'..id..':spec' end
        local function checkpointKey(id) return P..'job:'..id..':checkpoint' end
        local function killsKey(id) return P..'job:'..id..':kills' end
        local function eventsKey(id) return P..'job:'..id..':events' end
        local function resultKey(id, index) return P..'job:'..id..':result:'..index end
        local function requestKey(tenant, request) return P..'request:'..tenant..':'..request end
        local function queueKey(tenant) return P..'queue:'..tenant end
        local function runningKey(tenant) return P..'running:'..tenant end
        local function quotaKey(tenant) return P..'quota:'..tenant end
        local function jobsKey(tenant) return P..'jobs:'..tenant end
        local function embeddingKey(key) return P..'embedding:'..key end
        local function lockKey(key) return P..'embedding-lock:'..key end
        local function choiceKey(tenant, about) return P..'choice:'..tenant..':'..about end
        local function newsChannel(id) return P..'news:'..id end

        """;

    /// <summary>Tells that work may be there (<c>work</c>), or which job should be cancelled (<c>cancel ID</c>).</summary>
    public RedisChannel Signals => new($"{prefix}:signals", RedisChannel.PatternMode.Literal);

    /// <summary>Tells a job's events: see <c>tell</c> and <c>finish</c> in the scripts.</summary>
    public RedisChannel News(string id) => new($"{prefix}:news:{id}", RedisChannel.PatternMode.Literal);

    // It becomes part of a script.
    private static string Checked(string prefix) => prefix.Length is > 0 and <= 64 && prefix.All(c => char.IsAsciiLetterOrDigit(c) || c is ':' or '-' or '_' or '.')
        ? prefix
        : throw new ArgumentException("The prefix of Redis keys must be 1 to 64 characters of [A-Za-z0-9:._-].", nameof(prefix));
}
