namespace Diffusion.Mesh.Hosting;

/// <summary>Checks options at start and reports every problem together.</summary>
internal static class OptionsCheck
{
    /// <exception cref="OptionsException">Something is wrong.</exception>
    public static void ThrowIfWrong(ServiceRole role, ServiceOptions options)
    {
        string[] problems =
        [
            .. Range("--drain", options.Drain.TotalSeconds, 1, 3600),
            .. Tls(role, options),
            .. Provider(options.Provider),
            .. Range("--threads", options.Threads, 0, 1024),
            .. Range("--capacity", options.Capacity, 1, 10_000),
            .. Range("--max-rows", options.MaxRows, 2, 64),
            .. Range("--batch-memory", options.BatchMemory, 0, 1 << 30),
            .. Range("--pass-limit", options.PassLimit.TotalSeconds, 0.001, 60),
            .. Range("--short-work-weight", options.ShortWorkWeight, 1, 100),
            .. Range("--cache-memory", options.CacheMemory, 1, 1 << 20),
            .. Range("--running", options.Running, 1, 10_000),
            .. Range("--queued", options.Queued, 0, 1_000_000),
            .. Range("--lease", options.Lease.TotalSeconds, 1, 300),
            .. Range("--checkpoint-steps", options.CheckpointSteps, 0, 10_000),
            .. Range("--checkpoint-ms", options.CheckpointTime.TotalMilliseconds, 0, 3_600_000),
            .. Range("--retention", options.Retention.TotalSeconds, 1, 345_600),
            .. Range("--max-side", options.MaxSide, 8, 65_536),
            .. Range("--max-pixels", options.MaxPixels, 64, int.MaxValue),
            .. Range("--timeout", options.Timeout.TotalSeconds, 1, 86_400),
            .. Range("--url-lifetime", options.UrlLifetime.TotalSeconds, 1, 345_600),
            .. Range("--disconnect-grace", options.DisconnectGrace.TotalSeconds, 0, 3600),
            .. Range("--trace-ring", options.TraceRing, 0, 10_000),
            .. Range("--requests-per-minute", options.RequestsPerMinute, 0, 1_000_000),
            .. Range("--max-connections", options.MaxConnections, 1, 1_000_000),
            .. Range("--connections-per-address", options.ConnectionsPerAddress, 1, 1_000_000),
            .. Range("--header-timeout", options.HeaderTimeout.TotalSeconds, 1, 300),
            .. Range("--idle-timeout", options.IdleTimeout.TotalSeconds, 1, 3600),
            .. CrossOrigin.Problems(options.CorsOrigins),
            .. options.Oidc?.Problems(options.Keys is not null) ?? [],
            .. ExportedSignals.Problems(Environment.GetEnvironmentVariable),
            .. role.Check(options),
        ];
        if (problems.Length > 0)
            throw new OptionsException(problems);
    }

    private static IEnumerable<string> Tls(ServiceRole role, ServiceOptions options)
    {
        if (options.Tls is { } tls && (tls.Certificate.Length == 0 || tls.Key.Length == 0 || string.IsNullOrEmpty(tls.Authorities)))
            yield return "--tls-certificate, --tls-key and --tls-ca must be given together.";
        if (options.PublicTls is not { } open)
            yield break;
        if (open.Certificate.Length == 0 || open.Key.Length == 0)
            yield return "--public-tls-certificate and --public-tls-key must be given together.";
        if (!role.IsPublic)
            yield return $"--public-tls-certificate is for the orchestrator, and this is the {role.Name}.";
    }

    private static IEnumerable<string> Provider(string name)
    {
        if (name is not ("cpu" or "cuda"))
            yield return $"--provider must be cpu or cuda, and is '{name}'.";
    }

    private static IEnumerable<string> Range(string option, double value, double least, double most)
    {
        if (!(value >= least && value <= most))
            yield return $"{option} must be {least} to {most}, and is {value}.";
    }
}
