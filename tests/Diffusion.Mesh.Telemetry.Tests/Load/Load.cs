using Diffusion.Mesh.FunctionalTests;
using Diffusion.Mesh.Testing;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Net.Client;
using static Diffusion.Mesh.TelemetryTests.Requests;

namespace Diffusion.Mesh.TelemetryTests;

/// <summary>Work of all kinds, then one fault after the other.</summary>
internal sealed class Load(
    ExportedMetrics metrics, RedisServer redis, ServiceProcess textEncoder, IReadOnlyList<ServiceProcess> unets, ServiceProcess first, ServiceProcess second)
{
    public async Task RunAsync()
    {
        using var channel = GrpcChannel.ForAddress(first.Grpc);
        var client = new Generation.GenerationClient(channel);
        await WorkAsync(client);
        await BrokenCacheAsync(client);
        await FullTextEncoderAsync();
        // More than one orchestrator has places for, and more than the workers' passes have.
        var patient = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => SubmitAsync(client, Endless($"{i} rings"))));
        await Task.WhenAll(patient.Select(j => Task.WhenAny(unets.Select(u => u.Process.ErrorLineAsync(LogLines.Begins(j.Id))))));
        await UrgentAsync(client);
        await RefusedAsync(client);
        await LostProcessesAsync(client, patient);
        await LostRedisAsync(client);
        await PictureAsync(client, Wish("a blue ring"));
    }

    // Every stage: a source picture, previews, ranking.
    private static async Task WorkAsync(Generation.GenerationClient client)
    {
        await PreviewAsync(client);
        var picture = await PictureAsync(client, Wish("a red circle"));
        var again = Wish("a red circle");
        again.Source = new PictureInput { Image = Google.Protobuf.ByteString.CopyFrom(picture) };
        await PictureAsync(client, again);
        var best = Wish("a red circle");
        best.Candidates = 2;
        await PictureAsync(client, best);
    }

    // However fast or slow the machine is: it goes on until there is one.
    private static async Task PreviewAsync(Generation.GenerationClient client)
    {
        var wish = Endless("a red circle");
        wish.Previews = new PreviewOptions { Every = 1 };
        // A job that cannot meet its deadline would end at once.
        using var call = client.Generate(wish);
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var next in call.ResponseStream.ReadAllAsync(patience.Token))
        {
            if (next.Preview is null)
                continue;
            await client.CancelAsync(new CancelRequest { JobId = next.JobId });
            return;
        }
    }

    // A deadline that is nearer than those of what runs goes first; one that cannot be met fails.
    private static async Task UrgentAsync(Generation.GenerationClient client)
    {
        var late = await SubmitAsync(client, Endless("a pink heart"), TimeSpan.FromSeconds(2));
        var hasty = await SubmitAsync(client, Wish("a quick star", steps: 20), Patience);
        Assert.Equal(StatusCode.DeadlineExceeded, await EndAsync(client, late));
        Assert.Equal(StatusCode.OK, await EndAsync(client, hasty));
    }

    // A wrong one, and more than the queue holds.
    private static async Task RefusedAsync(Generation.GenerationClient client)
    {
        Assert.Equal(StatusCode.InvalidArgument, await StatusAsync(() => SubmitAsync(client, Wish("a heart", steps: -1))));
        var accepted = new List<Job>();
        Assert.Equal(StatusCode.ResourceExhausted, await StatusAsync(async () =>
        {
            while (true)
                accepted.Add(await SubmitAsync(client, Endless("a green star")));
        }));
        foreach (var job in accepted)
            await client.CancelAsync(new CancelRequest { JobId = job.Id });
    }

    private async Task FullTextEncoderAsync()
    {
        using var channel = GrpcChannel.ForAddress(textEncoder.Grpc);
        var client = new TextEncoder.TextEncoderClient(channel);
        async Task<StatusCode> AskAsync(int i) => await StatusAsync(async () => await client.EncodeTextAsync(
            new EncodeTextRequest { Model = "shapes", Texts = { Enumerable.Range(0, 30).Select(j => $"{i} or {j} stars") } }));
        Assert.Contains(StatusCode.ResourceExhausted, await Task.WhenAll(Enumerable.Range(0, 30).Select(AskAsync)));
    }

    private async Task BrokenCacheAsync(Generation.GenerationClient client)
    {
        await RedisCli.BreakAsync(redis, "mesh:1:embedding:*");
        await PictureAsync(client, Wish("a red circle"));
    }

    private async Task LostProcessesAsync(Generation.GenerationClient client, IReadOnlyList<Job> jobs)
    {
        await unets[0].Process.KillAsync();
        await ResumedAsync("worker");
        // It takes over what the second has once it has a place.
        await client.CancelAsync(new CancelRequest { JobId = jobs.First(j => first.Process.Error.Contains(LogLines.Taken(j.Id), StringComparison.Ordinal)).Id });
        await second.Process.KillAsync();
        await ResumedAsync("orchestrator");
        foreach (var job in jobs)
            await StatusAsync(async () => await client.CancelAsync(new CancelRequest { JobId = job.Id }));
    }

    private Task ResumedAsync(string reason) => metrics.PointAsync(
        "diffusion.resumes", p => p.AsInt > 0 && p.Attributes.Any(a => a.Value.StringValue == reason)).WaitAsync(Patience);

    private async Task LostRedisAsync(Generation.GenerationClient client)
    {
        await redis.StopAsync();
        Assert.Equal(StatusCode.Unavailable, await StatusAsync(() => SubmitAsync(client, Wish("a lost star"))));
        await metrics.PointAsync("diffusion.redis.connected", p => p.AsInt == 0).WaitAsync(Patience);
        await redis.StartAgainAsync();
        await first.Health.ServingAsync().WaitAsync(Patience);
    }
}
