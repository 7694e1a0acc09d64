using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.V1;
using Google.Protobuf;

namespace Diffusion.Mesh.ServiceTests;

public sealed class JobEventsTests
{
    private readonly JobEvents _events = new("job");

    [Fact]
    public async Task Read_AfterTheEnd_GivesEveryLastingEventAndTheLatestStep()
    {
        _events.Add(new GenerateEvent { Queued = new Queued() });
        for (var i = 1u; i <= 100; i++)
            _events.Add(Step(i));
        _events.Add(Piece(0, 1));
        _events.Add(Piece(0, 2));
        _events.Add(Piece(1, 3));
        _events.Add(new GenerateEvent { Done = new Done() });
        _events.End(null);

        var read = await ReadAsync();

        Assert.Equal([1ul, 101, 102, 103, 104, 105], read.Select(e => e.Sequence));
        Assert.Equal(100u, read[1].Step.Completed);
        Assert.Equal([1, 2, 3], read.Where(e => e.Image is not null).Select(e => e.Image.Chunk.Data[0]));
        Assert.NotNull(read[^1].Done);
        Assert.All(read, e => Assert.Equal("job", e.JobId));
    }

    [Fact]
    public async Task Read_Previews_KeepsTheLatestOfEachPicture()
    {
        foreach (var (index, completed) in new[] { (0u, 1u), (1u, 1u), (0u, 2u), (1u, 2u), (0u, 3u) })
            _events.Add(new GenerateEvent { Preview = new Preview { Index = index, Completed = completed } });
        _events.Add(Step(3));
        _events.End(null);

        var read = await ReadAsync();

        Assert.Equal([(1u, 2u), (0u, 3u)], read.Where(e => e.Preview is not null).Select(e => (e.Preview.Index, e.Preview.Completed)));
        Assert.Contains(read, e => e.Step is not null);
    }

    [Fact]
    public async Task Read_FromANumber_GoesOnBehindIt()
    {
        for (var i = 0; i < 5; i++)
            _events.Add(Piece(0, (byte)i));
        _events.End(null);

        Assert.Equal([4ul, 5], (await ReadAsync(after: 3)).Select(e => e.Sequence));
    }

    [Fact]
    public async Task Read_WhileEventsCome_GivesEachToEveryReaderOnce()
    {
        var readers = new[] { ReadAsync(), ReadAsync() };
        for (var i = 0; i < 50; i++)
        {
            _events.Add(Piece(0, (byte)i));
            await Task.Yield();
        }

        _events.End(null);

        foreach (var reader in readers)
            Assert.Equal(Enumerable.Range(1, 50).Select(i => (ulong)i), (await reader).Select(e => e.Sequence));
    }

    [Fact]
    public async Task Read_EndedWithAnError_GivesTheEventsAndThenTheError()
    {
        _events.Add(new GenerateEvent { Queued = new Queued() });
        _events.End(new TimeoutException());
        var read = new List<GenerateEvent>();

        await Assert.ThrowsAsync<TimeoutException>(async () =>
        {
            await foreach (var next in _events.ReadAsync(0, default))
                read.Add(next);
        });

        Assert.NotNull(Assert.Single(read).Queued);
    }

    [Fact]
    public async Task Read_ReaderGivesUp_LeavesTheJobAlone()
    {
        using var gone = new CancellationTokenSource();
        var reader = ReadAsync(cancellation: gone.Token);
        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader);
        _events.Add(Step(1));
        _events.End(null);

        Assert.Single(await ReadAsync());
    }

    private static GenerateEvent Step(uint completed) => new() { Step = new Step { Completed = completed } };

    private static GenerateEvent Piece(uint index, byte data) =>
        new() { Image = new Image { Index = index, Chunk = new ImageChunk { Data = ByteString.CopyFrom(data) } } };

    private async Task<List<GenerateEvent>> ReadAsync(ulong after = 0, CancellationToken cancellation = default)
    {
        var read = new List<GenerateEvent>();
        await foreach (var next in _events.ReadAsync(after, cancellation))
            read.Add(next);
        return read;
    }
}
