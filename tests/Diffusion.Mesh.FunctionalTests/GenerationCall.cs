using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary>A call of <c>Generate</c> that a test follows event by event.</summary>
internal sealed class GenerationCall : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly AsyncServerStreamingCall<GenerateEvent> _call;
    private readonly MemoryStream _picture = new();

    /// <param name="trace">W3C trace context of the caller; null: it has none.</param>
    public GenerationCall(string server, GenerateRequest request, string? trace = null)
        : this(server, client => client.Generate(request, trace is null ? null : new Metadata { { "traceparent", trace } }))
    {
    }

    private GenerationCall(string server, Func<Generation.GenerationClient, AsyncServerStreamingCall<GenerateEvent>> call)
    {
        _channel = GrpcChannel.ForAddress(server);
        _call = call(new Generation.GenerationClient(_channel));
    }

    /// <summary>A call of <c>Watch</c> that goes on where another one stopped.</summary>
    public static GenerationCall Watch(string server, GenerationCall other) =>
        new(server, client => client.Watch(new WatchRequest { JobId = other.JobId, AfterSequence = other.Sequence })) { JobId = other.JobId };

    /// <summary>The job's id, once an event has told it.</summary>
    public string JobId { get; private set; } = "";

    /// <summary>Number of the last event.</summary>
    public ulong Sequence { get; private set; }

    /// <summary>Model evaluations that the client was told of.</summary>
    public uint Completed { get; private set; }

    /// <summary>Reads until that many evaluations are done, and fails where the job ends before.</summary>
    public async Task StepAsync(uint completed)
    {
        while (Completed < completed)
            Assert.True(await ReadAsync(), "The job ended too early.");
    }

    /// <summary>Reads to the end.</summary>
    /// <returns>The picture's file.</returns>
    public async Task<byte[]> PictureAsync()
    {
        while (await ReadAsync())
        {
        }

        return _picture.ToArray();
    }

    public void Dispose()
    {
        _call.Dispose();
        _channel.Dispose();
    }

    private async Task<bool> ReadAsync()
    {
        if (!await _call.ResponseStream.MoveNext(CancellationToken.None))
            return false;
        var next = _call.ResponseStream.Current;
        Assert.True(next.Sequence > Sequence, "Numbers of events do not grow.");
        (JobId, Sequence) = (next.JobId, next.Sequence);
        if (next.Step is { } step)
            Completed = step.Completed;
        if (next.Image is { } image)
            _picture.Write(image.Chunk.Data.Span);
        return true;
    }
}
