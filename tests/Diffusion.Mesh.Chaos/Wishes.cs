using System.Security.Cryptography;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Diffusion.Mesh.Chaos;

/// <summary>Requests whose pictures are known: what they are without any fault was found out before.</summary>
internal static class Wishes
{
    private const int Count = 12;

    private static readonly string[] s_samplers = ["euler_a", "ddim", "dpmpp_2m_sde", "euler", "heun", "dpmpp_2m"];

    /// <summary>A few seconds' worth of steps each, so that faults hit them in the middle.</summary>
    public static IReadOnlyList<GenerateRequest> All { get; } = [.. Enumerable.Range(0, Count).Select(Wish)];

    /// <summary>What a picture is compared by.</summary>
    public static string Hash(byte[] picture) => Convert.ToHexStringLower(SHA256.HashData(picture));

    /// <summary>Asks for each once, from a cluster that nothing happens to.</summary>
    public static async Task<IReadOnlyList<string>> ExpectedAsync(string server)
    {
        using var channel = GrpcChannel.ForAddress($"http://{server}", new GrpcChannelOptions { MaxReceiveMessageSize = null });
        var client = new Generation.GenerationClient(channel);
        var expected = new List<string>();
        foreach (var wish in All)
        {
            var progress = new Progress(new FaultLog(), new Tally());
            using var call = client.Generate(wish);
            await foreach (var next in call.ResponseStream.ReadAllAsync())
                progress.Take(next);
            expected.Add(string.Join(' ', progress.Pictures().Select(Hash)));
        }

        return expected;
    }

    private static GenerateRequest Wish(int number) => new()
    {
        Prompt = $"a {(number % 2 == 0 ? "red" : "green")} {(number % 3 == 0 ? "circle" : "square")} on a white background",
        NegativePrompt = number % 4 == 0 ? "blue" : "",
        Seed = (ulong)(1000 + number),
        GuidanceScale = number % 5 == 0 ? 1 : 4,
        Schedule = new Schedule { Steps = 25 + 10 * (number % 4) },
        Sampler = new Sampler { Name = s_samplers[number % s_samplers.Length] },
        Count = number % 6 == 5 ? 2 : 1,
        OnDisconnect = OnDisconnect.Detach,
    };
}
