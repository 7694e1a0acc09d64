using Diffusion.Mesh.Testing;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>
/// What the cluster costs: <c>Generate</c> through four processes against a bare loop over the same ONNX files, a fresh prompt each time; and how long a
/// newcomer waits for the first picture.
/// </summary>
internal sealed class GenerateBenchmark : IBenchmark
{
    private const int Rounds = 25;
    // As long as the runtime still compiles the services' code anew: what is compared is the steady state.
    private const int WarmUp = 25;
    private const int ColdStarts = 7;
    private const int Steps = 20;

    public string Name => "generate";

    public async Task<IReadOnlyList<KeyValuePair<string, double>>> RunAsync()
    {
        var (cluster, bare) = await CompareAsync();
        var cold = new List<double>();
        for (var i = 0; i < ColdStarts; i++)
            cold.Add(await Timing.SecondsAsync(() => ColdStartAsync(i)));
        Console.WriteLine(FormattableString.Invariant(
            $"four processes {cluster * 1000:0.0} ms, bare loop {bare * 1000:0.0} ms, cold start {Timing.Median(cold):0.00} s (medians)"));
        return [new("ratio", cluster / bare), new("cold_start_s", Timing.Median(cold))];
    }

    private static async Task<(double Cluster, double Bare)> CompareAsync()
    {
        await using var cluster = await ProcessCluster.StartAsync();
        using var bare = new BareLoop(Path.Combine(TestFolders.Repository, "models", "shapes"));
        using var channel = GrpcChannel.ForAddress(cluster.Address);
        var client = new Generation.GenerationClient(channel);
        var (clusterTimes, bareTimes) = (new List<double>(), new List<double>());
        for (var round = 0; round < WarmUp + Rounds; round++)
        {
            var prompt = $"a red circle on a white background {round}";
            var throughCluster = await Timing.SecondsAsync(() => GenerateAsync(client, prompt, (ulong)round));
            var inOneLoop = await Timing.SecondsAsync(() => Task.Run(() => bare.Run(Steps)));
            if (round < WarmUp)
                continue;
            clusterTimes.Add(throughCluster);
            bareTimes.Add(inOneLoop);
        }

        return (Timing.Median(clusterTimes), Timing.Median(bareTimes));
    }

    private static async Task GenerateAsync(Generation.GenerationClient client, string prompt, ulong seed)
    {
        var request = new GenerateRequest { Prompt = prompt, Seed = seed, GuidanceScale = 4, Schedule = new Schedule { Steps = Steps } };
        using var call = client.Generate(request);
        GenerateEvent? last = null;
        await foreach (var next in call.ResponseStream.ReadAllAsync())
            last = next;
        if (last?.Done is null)
            throw new InvalidOperationException("The generation did not end with 'done'.");
    }

    private static async Task ColdStartAsync(int seed)
    {
        var file = Path.Combine(Path.GetTempPath(), $"mesh-cold-{Environment.ProcessId}.png");
        using var process = MeshProcess.Start(
            "mesh", "generate", "a large red circle on a white background", "-o", file, "--seed", $"{seed}", "--steps", $"{Steps}");
        await process.WaitForExitAsync();
        if (process.ExitCode != 0 || !File.Exists(file))
            throw new InvalidOperationException($"mesh generate failed with exit code {process.ExitCode}.");
        File.Delete(file);
    }
}
