using System.Globalization;
using Diffusion.Mesh.Cli;
using Diffusion.Mesh.FunctionalTests;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Identity;
using Diffusion.Mesh.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Fuzz;

/// <summary>The four services in a process of their own, which tells its parent on standard output where they are, what they log as errors, and how much memory they have.</summary>
internal static class TargetHost
{
    /// <summary>The argument that makes this program the target.</summary>
    public const string Command = "serve-target";

    public const string Ready = "READY ";
    public const string Memory = "MEMORY ";
    public const string Error = "ERROR ";

    // The largest picture that cases make; sides that the model takes are multiples of 64.
    private const int MaxSide = 128;

    /// <summary>Serves until standard input ends; any line of it asks for the memory.</summary>
    /// <param name="redis">Address of the Redis that jobs are kept in; null: in memory.</param>
    public static async Task<int> RunAsync(string? redis)
    {
        var keys = Path.GetTempFileName();
        try
        {
            File.Delete(keys);
            var key = AddKey(keys);
            var options = Options(keys, redis);
            await using var cluster = await EmbeddedCluster.StartAsync(options, LogErrors, CancellationToken.None);
            Console.WriteLine($"{Ready}{cluster.Address} {cluster.Console} {cluster.TextEncoder} {cluster.Unet} {cluster.Vae} {options.Scaler} {key}");
            while (await Console.In.ReadLineAsync() is not null)
                Console.WriteLine(FormattableString.Invariant($"{Memory}{Managed()} {Resident()}"));
            return 0;
        }
        finally
        {
            File.Delete(keys);
        }
    }

    private static ServiceOptions Options(string keys, string? redis) => new()
    {
        Grpc = ListenAddress.AnyLoopback,
        Http = ListenAddress.AnyLoopback,
        Scaler = ListenAddress.Loopback(FreePort.Next()),
        Redis = redis,
        Models = Path.Combine(TestFolders.Repository, "models"),
        Keys = keys,
        MaxSide = MaxSide,
        MaxPixels = MaxSide * MaxSide,
        Threads = 1,
        // Cases come with one key.
        RequestsPerMinute = 0,
        // What is kept is to be full soon, so that memory that goes on growing shows.
        CacheMemory = 4,
        TraceRing = 20,
        Retention = TimeSpan.FromSeconds(30),
        Timeout = TimeSpan.FromSeconds(20),
        DisconnectGrace = TimeSpan.Zero,
    };

    private static string AddKey(string path)
    {
        var key = ApiKey.Create();
        var hash = KeyHash.Of(key.Secret);
        KeyFile.Change(path, _ => [new KeyEntry { Id = key.Id, Salt = hash.Salt, Hash = hash.Hash, Tenant = "fuzz", Operator = true }]);
        return key.Text();
    }

    private static void LogErrors(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerProvider, ErrorLines>();
    }

    private static long Managed()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: false);
    }

    private static long Resident()
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line[6..^2], CultureInfo.InvariantCulture);
    }

    private sealed class ErrorLines : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // Kestrel's own word for a body whose chunks are none: the answer is 400 all the same.
            if (IsEnabled(logLevel) && eventId.Name != "RequestBodyDrainBodyReaderInvalidState")
                Console.WriteLine($"{Error}{$"{formatter(state, exception)} {exception}".ReplaceLineEndings(" | ")}");
        }

        public void Dispose()
        {
        }
    }
}
