using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Texts to embeddings: from the cache, or from a text encoder.</summary>
internal sealed class TextEncoding(IEmbeddingCache cache, WorkerCalls workers, ServiceTelemetry telemetry, StageMetrics stages)
{
    /// <summary>The embeddings of <paramref name="texts"/>, in order.</summary>
    public async Task<EncodedText[]> EncodeAsync(Job job, TextOptions options, params string[] texts)
    {
        var model = job.Request.Model;
        var distinct = texts.Distinct().ToArray();
        using var spans = new CacheSpans(telemetry, distinct.Length);
        var lookUp = stages.Begin(TelemetryNames.CacheSpan, job);
        var values = await cache.GetOrAddAsync(
            [.. distinct.Select(text => EmbeddingKey.For(model, options, text))],
            bytes => EmbeddingMessage.Read(bytes, model) is not null,
            async (missing, _) =>
            {
                lookUp.End();
                spans.End(missing, hit: false);
                var encoded = await CallAsync(job, options, [.. missing.Select(i => distinct[i])]);
                return [.. encoded.Select(EmbeddingMessage.Write)];
            },
            job.Cancellation);
        lookUp.End();
        spans.End(Enumerable.Range(0, distinct.Length), hit: true);
        var embeddings = distinct.Zip(values).ToDictionary(pair => pair.First, pair => EncodedText.Parser.ParseFrom(pair.Second.Bytes.Span));
        return [.. texts.Select(text => embeddings[text])];
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
}
