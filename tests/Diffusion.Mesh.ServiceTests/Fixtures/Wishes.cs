using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Requests and what comes of them.</summary>
internal static class Wishes
{
    /// <summary>A request that is quickly fulfilled.</summary>
    public static GenerateRequest Quick(string prompt = "a red circle", int steps = 2, ulong seed = 7) => new()
    {
        Prompt = prompt,
        Seed = seed,
        Schedule = new Schedule { Steps = steps },
    };

    /// <summary>The same with Heun's sampler, which evaluates the model twice at each step but the last.</summary>
    public static GenerateRequest Heun(int steps)
    {
        var request = Quick(steps: steps);
        request.Sampler = new Sampler { Name = "heun" };
        // The model's own betas end in pure noise, where Heun has no finite step.
        request.Schedule.RescaleBetasZeroSnr = false;
        return request;
    }

    /// <summary>Reads a generation to its end.</summary>
    public static async Task<IReadOnlyList<GenerateEvent>> FulfilAsync(
        this Generation.GenerationClient client, GenerateRequest request, Metadata? headers = null)
    {
        using var call = client.Generate(request, headers, cancellationToken: Patience.Token);
        return await ReadAsync(call);
    }

    /// <summary>Reads what is left of a generation.</summary>
    public static async Task<IReadOnlyList<GenerateEvent>> ReadAsync(AsyncServerStreamingCall<GenerateEvent> call)
    {
        var events = new List<GenerateEvent>();
        await foreach (var next in call.ResponseStream.ReadAllAsync(Patience.Token))
            events.Add(next);
        return events;
    }

    /// <summary>The error that a generation ends with.</summary>
    public static Task<RpcException> FailAsync(this Generation.GenerationClient client, GenerateRequest request) =>
        Assert.ThrowsAsync<RpcException>(() => client.FulfilAsync(request));

    /// <summary>The file of one picture, put together from its pieces.</summary>
    public static byte[] File(IEnumerable<GenerateEvent> events, uint index = 0) =>
        [.. events.Where(e => e.Image?.Index == index).SelectMany(e => e.Image.Chunk.Data)];

    /// <summary>Reads events until one of a kind.</summary>
    public static async Task<GenerateEvent> NextAsync(this AsyncServerStreamingCall<GenerateEvent> call, GenerateEvent.EventOneofCase kind)
    {
        while (await call.ResponseStream.MoveNext(Patience.Token))
        {
            if (call.ResponseStream.Current.EventCase == kind)
                return call.ResponseStream.Current;
        }

        throw new InvalidOperationException($"The stream ended without {kind}.");
    }
}
