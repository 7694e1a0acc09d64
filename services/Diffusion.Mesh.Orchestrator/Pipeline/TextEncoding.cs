using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Texts to embeddings: from the cache, or from a text encoder.</summary>
internal sealed class TextEncoding(IEmbeddingCache cache, WorkerCalls workers, ServiceTelemetry telemetry)
{
    /// <summary>The embeddings of <paramref name="texts"/>, in order.</summary>
    public async Task<EncodedText[]> EncodeAsync(Job job, TextOptions options, params string[] texts)
    {
        var found = await LookUpAsync(job, options, texts);
        var missing = texts.Where((_, i) => found[i] is null).Distinct().ToArray();
        if (missing.Length > 0)
        {
            var encoded = missing.Zip(await CallAsync(job, options, missing)).ToDictionary(p => p.First, p => p.Second);
            for (var i = 0; i < texts.Length; i++)
                found[i] ??= encoded[texts[i]];
            foreach (var (text, value) in encoded)
                await cache.SetAsync(Key(job, options, text), value.ToByteArray(), job.Cancellation);
        }

        return found!;
    }

    private static string Key(Job job, TextOptions options, string text) => EmbeddingKey.For(job.Request.Model, options, text);

    private async Task<EncodedText?[]> LookUpAsync(Job job, TextOptions options, string[] texts)
    {
        var found = new EncodedText?[texts.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            using var span = telemetry.Start(TelemetryNames.CacheSpan);
            found[i] = Parse(await cache.GetAsync(Key(job, options, texts[i]), job.Cancellation));
            span?.SetTag(TelemetryNames.CacheHit, found[i] is not null);
        }

        return found;
    }

    private async Task<IReadOnlyList<EncodedText>> CallAsync(Job job, TextOptions options, string[] texts)
    {
        var message = new EncodeTextRequest
        {
            Model = job.Request.Model.Name,
            ModelRevision = job.Request.Model.Revision,
            Options = options,
        };
        message.Texts.AddRange(texts);
        var response = await workers.CallAsync<EncodeTextResponse>(WorkerCall.For(WorkerRole.TextEncoder, job), async attempt =>
            await new TextEncoder.TextEncoderClient(attempt.Invoker).EncodeTextAsync(message, attempt.Options));
        return response.Texts.Count == texts.Length
            ? response.Texts
            : throw new RpcException(new Status(StatusCode.Internal, $"The text encoder answered {response.Texts.Count} of {texts.Length} texts."));
    }

    // What cannot be read is as good as not there.
    private static EncodedText? Parse(byte[]? value)
    {
        if (value is null)
            return null;
        try
        {
            var text = EncodedText.Parser.ParseFrom(value);
            return text.Conditioning is { Tensors.Count: > 0 } ? text : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
