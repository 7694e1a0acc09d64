using System.Buffers.Binary;

namespace Diffusion.Mesh.State.Tests;

/// <summary>Messages of a channel may be lost, and readers may be slow.</summary>
public sealed class EventMailboxTests
{
    private readonly EventMailbox _mailbox = new(JobSequence.First, TimeProvider.System);

    public EventMailboxTests() => _mailbox.Load(_mailbox.BeginLoad(), JobSequence.First, []);

    [Fact]
    public void Post_AfterALostKeptEvent_AsksForTheStoredOnesBeforeAnythingIsRead()
    {
        Post(before: 1, Jobs.Event("step", 2));
        Assert.False(_mailbox.NeedsLoad);

        // Number 3 was kept, and its message lost.
        Post(before: 3, Jobs.Event("step", 4));
        Assert.True(_mailbox.NeedsLoad);
        _mailbox.Load(_mailbox.BeginLoad(), 3, [Jobs.Event("queued", 1), Jobs.Event("image:0", 3)]);

        Assert.False(_mailbox.NeedsLoad);
        Assert.Equal([3L, 4L], Numbers());
    }

    [Fact]
    public void Post_KeptEventsInARow_NeedNoLoad()
    {
        Post(before: 1, Jobs.Event("image:0", 2), isKept: true);
        Post(before: 2, Jobs.Event("image:1", 3), isKept: true);
        Post(before: 3, Jobs.Event("step", 4));

        Assert.False(_mailbox.NeedsLoad);
        Assert.Equal([2L, 3L, 4L], Numbers());
    }

    [Fact]
    public void Post_StoreThatForgotAKeptEvent_AsksOnce()
    {
        Post(before: 5, Jobs.Event("step", 6));

        _mailbox.Load(_mailbox.BeginLoad(), 1, []);

        Assert.False(_mailbox.NeedsLoad);
    }

    [Fact]
    public void Post_MessageDuringALoad_IsNotTakenForLoaded()
    {
        var wanted = _mailbox.BeginLoad();
        Post(before: 3, Jobs.Event("step", 4));
        _mailbox.Post("end"u8.ToArray());
        _mailbox.Load(wanted, 1, []);

        Assert.True(_mailbox.NeedsLoad);
    }

    [Fact]
    public void Take_SlowReader_GetsTheLatestOfEachSlotInOrder()
    {
        for (var i = 2; i < 1000; i += 2)
        {
            Post(before: 1, Jobs.Event("step", i));
            Post(before: 1, Jobs.Event("preview:0", i + 1));
        }

        Assert.Equal([998L, 999L], Numbers());
    }

    private long[] Numbers()
    {
        var numbers = new List<long>();
        while (_mailbox.Take() is { } news)
            numbers.Add(news.Sequence);
        return [.. numbers];
    }

    // As in common.lua.
    private void Post(long before, JobEvent news, bool isKept = false)
    {
        var head = new byte[9];
        BinaryPrimitives.WriteInt64BigEndian(head, before);
        head[8] = isKept ? (byte)1 : (byte)0;
        _mailbox.Post([.. head, .. EventPacket.Write(news)]);
    }
}
