namespace Diffusion.Mesh.State;

/// <summary>A shelf in this process.</summary>
internal sealed class MemoryEmbeddingShelf(long budget) : IEmbeddingShelf
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, ReadOnlyMemory<byte> Value)>> _nodes = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, ReadOnlyMemory<byte> Value)> _recent = new();
    private readonly Dictionary<string, (string Caller, TaskCompletionSource Done)> _taken = new(StringComparer.Ordinal);
    private long _bytes;

    public Task<ShelfPlace[]> TakeAsync(IReadOnlyList<string> keys, string caller, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
            return Task.FromResult(keys.Select(key => Take(key, caller)).ToArray());
    }

    public IAsyncDisposable Hold(IReadOnlyList<string> keys, string caller) => new Nothing();

    public Task<long?> PutAsync(IReadOnlyList<(string Key, ReadOnlyMemory<byte> Value)> values, string caller, CancellationToken cancellation)
    {
        lock (_lock)
        {
            foreach (var (key, value) in values)
            {
                Remove(key);
                if (value.Length <= budget)
                {
                    _nodes[key] = _recent.AddFirst((key, value));
                    _bytes += value.Length;
                }

                GiveUp(key, caller);
            }

            while (_bytes > budget)
                Remove(_recent.Last!.Value.Key);
            return Task.FromResult<long?>(_bytes);
        }
    }

    public Task AbandonAsync(IReadOnlyList<string> keys, string caller)
    {
        lock (_lock)
        {
            foreach (var key in keys)
                GiveUp(key, caller);
        }

        return Task.CompletedTask;
    }

    public Task DropAsync(string key, CancellationToken cancellation)
    {
        lock (_lock)
            Remove(key);
        return Task.CompletedTask;
    }

    public Task WaitAsync(IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        Task[] others;
        lock (_lock)
            others = [.. keys.Where(_taken.ContainsKey).Select(key => _taken[key].Done.Task)];
        return others.Length == 0 ? Task.CompletedTask : Task.WhenAny(others).WaitAsync(cancellation);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ShelfPlace Take(string key, string caller)
    {
        if (_nodes.TryGetValue(key, out var node))
        {
            _recent.Remove(node);
            _recent.AddFirst(node);
            return new ShelfPlace(node.Value.Value, false);
        }

        return new ShelfPlace(null, _taken.TryAdd(key, (caller, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))));
    }

    private void GiveUp(string key, string caller)
    {
        if (_taken.TryGetValue(key, out var taken) && taken.Caller == caller && _taken.Remove(key))
            taken.Done.SetResult();
    }

    private void Remove(string key)
    {
        if (!_nodes.Remove(key, out var node))
            return;
        _recent.Remove(node);
        _bytes -= node.Value.Value.Length;
    }

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
