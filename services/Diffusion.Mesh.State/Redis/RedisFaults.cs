using StackExchange.Redis;

namespace Diffusion.Mesh.State;

/// <summary>What the client's and the server's errors mean.</summary>
internal static class RedisFaults
{
    // Replies of a server that starts, fails over or cannot write for now.
    private static readonly string[] _passing = ["LOADING", "BUSY", "MASTERDOWN", "READONLY", "NOREPLICAS", "MISCONF", "TRYAGAIN", "UNKILLABLE"];

    private static readonly string[] _codes = [.. _passing, "NOSCRIPT", "OOM", "NOAUTH", "WRONGPASS", "NOPERM", "ERR"];

    private const int LongestLine = 200;

    /// <summary>The server or the connection may be back soon.</summary>
    public static bool IsPassing(Exception error) =>
        (error is RedisConnectionException && !IsRefused(error)) || error is TimeoutException || (error is RedisServerException && Starts(error, _passing));

    /// <summary>The server has forgotten the script, for example by a restart.</summary>
    public static bool IsUnknownScript(Exception error) => error is RedisServerException && Starts(error, "NOSCRIPT");

    /// <summary>The server's memory is full.</summary>
    public static bool IsFull(Exception error) => error is RedisServerException && Starts(error, "OOM");

    /// <summary>Whatever the client throws: nothing of it may reach callers.</summary>
    public static bool IsRedis(Exception error) => error is RedisException or TimeoutException or ObjectDisposedException;

    /// <summary>What an operator can use of an error. The client's own texts go on with its inner state, for a screen.</summary>
    public static string Words(Exception error) => error switch
    {
        RedisConnectionException when IsRefused(error) => "it refuses the password.",
        RedisConnectionException { FailureType: ConnectionFailureType.SocketClosed or ConnectionFailureType.SocketFailure } => "the connection broke.",
        RedisConnectionException => "there is no connection.",
        TimeoutException => "it does not answer in time.",
        ObjectDisposedException => "the connection is closed.",
        _ => FirstLine(error.Message),
    };

    /// <summary>The kind of an error, for metrics: one of a few words.</summary>
    public static string Kind(Exception error) => error switch
    {
        RedisConnectionException => "connection",
        TimeoutException => "timeout",
        RedisServerException => Array.Find(_codes, code => Starts(error, code)) ?? "server",
        _ => "client",
    };

    // Why there is no connection stands inside.
    private static bool IsRefused(Exception? error) =>
        error is not null && (error is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } || IsRefused(error.InnerException));

    private static string FirstLine(string message) =>
        message.AsSpan().EnumerateLines().GetEnumerator() is var lines && lines.MoveNext() ? lines.Current[..Math.Min(lines.Current.Length, LongestLine)].ToString() : "";

    private static bool Starts(Exception error, params string[] codes) =>
        Array.Exists(codes, code => error.Message.StartsWith(code, StringComparison.Ordinal));
}
