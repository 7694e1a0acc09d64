namespace Diffusion.Mesh.Chaos;

/// <summary>One run, from a whole cluster to a whole cluster.</summary>
internal static class ChaosRun
{
    // A process may keep what it has once needed; growing with the faults it may not.
    private const double MostGrowth = 3;

    /// <returns>0 where nothing was lost or wrong, and nothing is left behind.</returns>
    public static async Task<int> RunAsync(TimeSpan time, int seed, int clients)
    {
        var logs = Directory.CreateTempSubdirectory("mesh-chaos-");
        Console.WriteLine($"The services' logs are in {logs.FullName}; they go when all is well.");
        var isClean = await RunAsync(time, seed, clients, logs.FullName);
        if (isClean)
            logs.Delete(recursive: true);
        return isClean ? 0 : 1;
    }

    private static async Task<bool> RunAsync(TimeSpan time, int seed, int clients, string logs)
    {
        var (tally, faultLog) = (new Tally(), new FaultLog());
        var beginnings = new Beginnings(tally);
        await using var cluster = await Cluster.StartAsync(logs);
        foreach (var worker in cluster.Workers)
            worker.Said = beginnings.Hear;
        var expected = await Wishes.ExpectedAsync(cluster.Servers.First());
        var before = cluster.Services.ToDictionary(service => service.Name, service => service.Use());

        using var stop = new CancellationTokenSource(time);
        var faults = new Faults(cluster, faultLog, tally, new Random(seed)).RunAsync(stop.Token);
        var work = Enumerable.Range(0, clients).Select(async number =>
        {
            using var client = new Client(number, seed * 1000 + number, cluster.Servers, expected, faultLog, beginnings, tally);
            await client.RunAsync(stop.Token);
        });
        await Task.WhenAll([.. work, faults]);

        var isClean = tally.IsClean;
        foreach (var problem in tally.Problems().Concat(await LeftBehindAsync(cluster, before)))
        {
            isClean = false;
            Console.WriteLine($"PROBLEM {problem}");
        }

        Console.WriteLine(tally.Result());
        return isClean;
    }

    private static async Task<IEnumerable<string>> LeftBehindAsync(Cluster cluster, Dictionary<string, (int Handles, long Memory)> before)
    {
        var problems = (await cluster.ImmortalKeysAsync()).Select(key => $"The key {key} has no time-to-live.").ToList();
        foreach (var service in cluster.Services)
        {
            var (handles, memory) = service.Use();
            Console.WriteLine($"{service.Name}: {handles} handles (at first {before[service.Name].Handles}), {memory >> 20} MiB (at first {before[service.Name].Memory >> 20})");
            if (handles > MostGrowth * before[service.Name].Handles || memory > MostGrowth * before[service.Name].Memory)
                problems.Add($"{service.Name} leaks: {handles} handles, {memory >> 20} MiB.");
        }

        return problems;
    }
}
