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

    public GenerationCall(string server, GenerateRequest request)
    {
        _channel = GrpcChannel.ForAddress(server);
        _call = new Generation.GenerationClient(_channel).Generate(request);
    }

    /// <summary>The job's id, once an event has told it.</summary>
    public string JobId { get; private set; } = "";

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
        JobId = next.JobId;
        if (next.Step is { } step)
            Completed = step.Completed;
        if (next.Image is { } image)
            _picture.Write(image.Chunk.Data.Span);
        return true;
    }
}
