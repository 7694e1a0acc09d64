using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.State;
using Diffusion.Mesh.Testing;
using Diffusion.Mesh.V1;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Prompts are encoded once, with either cache behind the orchestrator.</summary>
public sealed class EmbeddingReuseTests(RedisServer redis) : FakeTest, IClassFixture<RedisServer>
{
    private const string Marker = "zyzzogeton";
    private const string Keys = "mesh:1:embedding:";

    private readonly string _prompt = $"a {Marker} {Guid.NewGuid():N}";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Generate_SamePromptAgain_AsksNoTextEncoder(bool shared)
    {
        var client = (await StartAsync(shared)).Client();

        var first = await TraceAsync(client);
        var second = await TraceAsync(client);

        Assert.Equal([false, false], first.Hits);
        Assert.Equal([true, true], second.Hits);
        Assert.Equal((1, 0), (first.Calls, second.Calls));
        Assert.Equal(1, TextEncoder.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Generate_ValueOfAWrongShape_IsEncodedAnewAndMended(bool shared)
    {
        var orchestrator = await StartAsync(shared);
        var wrong = new EncodedText { Conditioning = Shapes.Conditioning() };
        wrong.Conditioning.Tensors[0].Tensor.Shape[2]++;
        await orchestrator.Services.GetRequiredService<IEmbeddingCache>().GetOrAddAsync(
            [EmbeddingKey.For(Shapes.Facts, new TextOptions(), _prompt)], _ => true,
            (_, _) => Task.FromResult<IReadOnlyList<ReadOnlyMemory<byte>>>([EmbeddingMessage.Write(wrong)]), default);

        var first = await TraceAsync(orchestrator.Client());
        var second = await TraceAsync(orchestrator.Client());

        Assert.False(first.Hits[0]);
        Assert.True(second.Hits[0]);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0x0a, 0x7f })]
    public async Task Generate_CorruptValue_IsEncodedAnewAndMended(byte[] corrupt)
    {
        var orchestrator = await StartAsync(shared: true);
        using var plain = await ConnectionMultiplexer.ConnectAsync(redis.Address);
        await plain.GetDatabase().StringSetAsync($"{Keys}{EmbeddingKey.For(Shapes.Facts, new TextOptions(), _prompt)}", corrupt, TimeSpan.FromMinutes(1));

        var first = await TraceAsync(orchestrator.Client());
        var second = await TraceAsync(orchestrator.Client());

        Assert.False(first.Hits[0]);
        Assert.True(second.Hits[0]);
    }

    [Fact]
    public async Task Generate_PromptEqualToTheNegative_IsEncodedOnce()
    {
        var client = (await StartAsync(shared: false)).Client();
        var request = Wishes.Quick(_prompt);
        request.NegativePrompt = _prompt;

        await client.FulfilAsync(request);

        Assert.Equal(1, TextEncoder.Calls);
    }

    [Fact]
    public async Task Generate_RedisAway_EncodesAnewEachTime()
    {
        var orchestrator = await OrchestrateAsync([Willing()], s => s with { CacheRedis = OrchestratorSetup.Nobody.Authority });

        await orchestrator.Client().FulfilAsync(Wishes.Quick(_prompt));
        await orchestrator.Client().FulfilAsync(Wishes.Quick(_prompt));

        Assert.Equal(2, TextEncoder.Calls);
    }

    [Fact]
    public async Task Generate_Redis_KeepsNoPromptInItsKeys()
    {
        var client = (await StartAsync(shared: true)).Client();
        await client.FulfilAsync(Wishes.Quick(_prompt));

        using var plain = await ConnectionMultiplexer.ConnectAsync(redis.Address);
        var keys = plain.GetServer(redis.Address).Keys().Select(k => k.ToString()).ToArray();

        Assert.Contains($"{Keys}{EmbeddingKey.For(Shapes.Facts, new TextOptions(), _prompt)}", keys);
        Assert.All(
            keys.Where(key => key.StartsWith(Keys, StringComparison.Ordinal)),
            key => Assert.Matches($"^{Keys}{Shapes.Facts.Revision}:-:[0-9a-f]{{64}}$", key));
        Assert.All(keys, key => Assert.DoesNotContain(Marker, key));
    }

    [Fact]
    public void Key_TextAndRevision_AreBothPartOfIt()
    {
        string[] keys =
        [
            EmbeddingKey.For(Shapes.Facts, new TextOptions(), "a"),
            EmbeddingKey.For(Shapes.Facts, new TextOptions(), "b"),
            EmbeddingKey.For(Shapes.Facts with { Revision = "other" }, new TextOptions(), "a"),
            EmbeddingKey.For(Shapes.Facts, new TextOptions { ClipSkip = 1 }, "a"),
            EmbeddingKey.For(Shapes.Facts, new TextOptions { ClipSkip = 2 }, "a"),
            EmbeddingKey.For(Shapes.Facts, new TextOptions { LongPrompt = LongPrompt.Chunk }, "a"),
            EmbeddingKey.For(Shapes.Facts, new TextOptions { AttentionWeights = true }, "a"),
        ];

        Assert.Equal(keys.Length, keys.Distinct().Count());
    }

    private Task<RunningService> StartAsync(bool shared) => OrchestrateAsync([Willing()], s => s with { Redis = shared ? redis.Address : null });

    private async Task<(bool[] Hits, int Calls)> TraceAsync(V1.Generation.GenerationClient client)
    {
        using var spans = new SpanRecorder();
        var request = Wishes.Quick(_prompt);
        // Also new to a cache that other tests share.
        request.NegativePrompt = $"not {_prompt}";
        await client.FulfilAsync(request, spans.Headers);
        return (
            [.. spans.Named(TelemetryNames.CacheSpan).Select(s => (bool)s.GetTagItem(TelemetryNames.CacheHit)!)],
            spans.Spans.Count(s => s.OperationName.EndsWith("/EncodeText", StringComparison.Ordinal) && s.Kind == System.Diagnostics.ActivityKind.Client));
    }
}
