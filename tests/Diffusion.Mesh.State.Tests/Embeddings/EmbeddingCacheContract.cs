using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.State.Tests;

/// <summary>What every embedding cache does, for two users of it.</summary>
public abstract class EmbeddingCacheContract : IAsyncLifetime
{
    /// <summary>Room for three values of a kilobyte.</summary>
    protected const long Budget = 3500;

    private protected TestMeters Meters { get; } = new();

    private protected abstract EmbeddingCache One { get; }

    private protected abstract EmbeddingCache Two { get; }

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    [Fact]
    public async Task GetOrAdd_SecondTime_IsAHitForEverybody()
    {
        Assert.False(await IsHitAsync(One, "a", fill: 7));

        Assert.True(await IsHitAsync(One, "a", fill: 7));
        Assert.True(await IsHitAsync(Two, "a", fill: 7));
    }

    [Fact]
    public async Task GetOrAdd_EmptyValue_IsAValue()
    {
        await One.GetOrAddAsync(["a"], _ => true, (_, _) => Values(new byte[0]), default);

        var again = await Two.GetOrAddAsync(["a"], _ => true, NotCalled, default);

        Assert.True(again[0].Bytes.IsEmpty);
    }

    [Fact]
    public async Task GetOrAdd_TooFewEncoded_Throws() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => One.GetOrAddAsync(["a", "b"], _ => true, (_, _) => Values(new byte[1]), default));

    [Fact]
    public async Task GetOrAdd_SomeKeysMissing_EncodesThemTogether()
    {
        await IsHitAsync(One, "b", fill: 2);
        var asked = new List<int>();

        var values = await Two.GetOrAddAsync(["a", "b", "c"], _ => true, (missing, _) =>
        {
            asked.AddRange(missing);
            return Values([.. missing.Select(i => new byte[] { (byte)(i + 1) })]);
        }, default);

        Assert.Equal([0, 2], asked);
        Assert.Equal([false, true, false], values.Select(value => value.Hit));
        Assert.Equal([1, 2, 3], values.Select(value => value.Bytes.Span[0]));
    }

    [Fact]
    public async Task GetOrAdd_ManyAtOnce_OneEncodes()
    {
        var calls = 0;
        var release = new TaskCompletionSource();
        async Task<IReadOnlyList<ReadOnlyMemory<byte>>> EncodeAsync(IReadOnlyList<int> missing, CancellationToken cancellation)
        {
            Interlocked.Increment(ref calls);
            await release.Task;
            return await Values(new byte[1000]);
        }

        var lookUps = Enumerable.Range(0, 16)
            .Select(i => Task.Run(() => (i % 2 == 0 ? One : Two).GetOrAddAsync(["a"], _ => true, EncodeAsync, default))).ToArray();
        await Task.Delay(100);
        release.SetResult();
        var values = await Task.WhenAll(lookUps);

        Assert.Equal(1, calls);
        Assert.Single(values, value => !value[0].Hit);
    }

    [Fact]
    public async Task GetOrAdd_EncodingThatTakesLong_IsStillWaitedFor()
    {
        var begun = new TaskCompletionSource();
        // Longer than the lock lives when nobody renews it.
        var first = One.GetOrAddAsync(["a"], _ => true, async (_, cancellation) =>
        {
            begun.SetResult();
            await Task.Delay(TimeSpan.FromSeconds(3), cancellation);
            return await Values([1]);
        }, default);
        await begun.Task;

        var second = await Two.GetOrAddAsync(["a"], _ => true, NotCalled, default);

        Assert.True(second[0].Hit);
        await first;
    }

    [Fact]
    public async Task GetOrAdd_EncodingFails_AnotherEncodes()
    {
        var begun = new TaskCompletionSource();
        var fail = new TaskCompletionSource();
        var failing = One.GetOrAddAsync(["a"], _ => true, async (_, _) =>
        {
            begun.SetResult();
            await fail.Task;
            throw new InvalidOperationException("The encoder died.");
        }, default);
        await begun.Task;
        var waiting = IsHitAsync(Two, "a", fill: 1);
        fail.SetResult();

        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        Assert.False(await waiting);
    }

    [Fact]
    public async Task GetOrAdd_CallerLeavesWhileItWaits_IsCancelled()
    {
        var begun = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var first = One.GetOrAddAsync(["a"], _ => true, async (_, _) =>
        {
            begun.SetResult();
            await release.Task;
            return await Values([1]);
        }, default);
        await begun.Task;
        using var leave = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Two.GetOrAddAsync(["a"], _ => true, NotCalled, leave.Token));

        release.SetResult();
        await first;
    }

    [Fact]
    public async Task GetOrAdd_ValueOfAWrongShape_IsEncodedAnewAndMended()
    {
        await One.GetOrAddAsync(["a"], _ => true, (_, _) => Values(new byte[999]), default);

        Assert.False(await IsHitAsync(Two, "a", fill: 1));
        Assert.True(await IsHitAsync(One, "a", fill: 1));
    }

    [Fact]
    public async Task GetOrAdd_BeyondTheBudget_TheOldestLeaves()
    {
        foreach (var key in new[] { "a", "b", "c", "d" })
            await IsHitAsync(One, key, fill: 1);

        Assert.True(await IsHitAsync(Two, "d", fill: 1));
        Assert.True(await IsHitAsync(Two, "b", fill: 1));
        Assert.False(await IsHitAsync(Two, "a", fill: 1));
    }

    [Fact]
    public async Task GetOrAdd_ValueAboveTheBudget_IsNotKept()
    {
        await One.GetOrAddAsync(["a"], _ => true, (_, _) => Values(new byte[Budget + 1]), default);

        Assert.False(await IsHitAsync(One, "a", fill: 1));
    }

    [Fact]
    public async Task GetOrAdd_IsCounted()
    {
        await IsHitAsync(One, "a", fill: 1);
        await IsHitAsync(One, "a", fill: 1);
        await IsHitAsync(One, "a", fill: 1);
        await One.GetOrAddAsync(["a"], _ => false, (_, _) => Values(new byte[1000]), default);

        // Each value has a head of eight bytes.
        Assert.Equal((2, 2, 1), (Meters.Sum(EmbeddingCacheNames.Hits), Meters.Sum(EmbeddingCacheNames.Misses), Meters.Sum(EmbeddingCacheNames.Dropped)));
        Assert.Equal((2016, 2016), (Meters.Sum(EmbeddingCacheNames.Read), Meters.Sum(EmbeddingCacheNames.Written)));
        Assert.Contains(Meters.Read(EmbeddingCacheNames.Size), size => size.Value == 1008);
    }

    /// <summary>Asks for a value of a kilobyte.</summary>
    private protected static async Task<bool> IsHitAsync(EmbeddingCache cache, string key, byte fill)
    {
        var value = new byte[1000];
        Array.Fill(value, fill);
        var found = (await cache.GetOrAddAsync([key], bytes => bytes.Length == 1000, (_, _) => Values(value), default))[0];
        Assert.Equal(value, found.Bytes.ToArray());
        return found.Hit;
    }

    private protected static Task<IReadOnlyList<ReadOnlyMemory<byte>>> Values(params byte[][] values) =>
        Task.FromResult<IReadOnlyList<ReadOnlyMemory<byte>>>([.. values]);

    private static Task<IReadOnlyList<ReadOnlyMemory<byte>>> NotCalled(IReadOnlyList<int> missing, CancellationToken cancellation) =>
        throw new InvalidOperationException("It was to be there.");
}
