using StackExchange.Redis;

namespace Diffusion.Mesh.State;

/// <summary>What the client's and the server's errors mean.</summary>
internal static class RedisFaults
{
    // Replies of a server that starts, fails over or cannot write for now.
    private static readonly string[] _passing = ["LOADING", "BUSY", "MASTERDOWN", "READONLY", "NOREPLICAS", "MISCONF", "TRYAGAIN", "UNKILLABLE"];

    /// <summary>The server or the connection may be back soon.</summary>
    public static bool IsPassing(Exception error) =>
        error is RedisConnectionException or TimeoutException || (error is RedisServerException && Starts(error, _passing));

    /// <summary>The server has forgotten the script, for example by a restart.</summary>
    public static bool IsUnknownScript(Exception error) => error is RedisServerException && Starts(error, "NOSCRIPT");

    /// <summary>The server's memory is full.</summary>
    public static bool IsFull(Exception error) => error is RedisServerException && Starts(error, "OOM");

    /// <summary>Whatever the client throws: nothing of it may reach callers.</summary>
    public static bool IsRedis(Exception error) => error is RedisException or TimeoutException or ObjectDisposedException;

    private static bool Starts(Exception error, params string[] codes) =>
        Array.Exists(codes, code => error.Message.StartsWith(code, StringComparison.Ordinal));
}
