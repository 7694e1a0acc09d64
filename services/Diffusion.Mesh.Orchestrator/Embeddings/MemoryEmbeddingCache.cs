namespace Diffusion.Mesh.Orchestrator;

/// <summary>A cache in this process: the least recently used values leave when the budget is full.</summary>
internal sealed class MemoryEmbeddingCache(long budget) : IEmbeddingCache
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<(string Key, byte[] Value)>> _nodes = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, byte[] Value)> _recent = new();
    private long _bytes;

    public MemoryEmbeddingCache()
        : this(64 << 20)
    {
    }

    public ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (!_nodes.TryGetValue(key, out var node))
                return ValueTask.FromResult<byte[]?>(null);
            _recent.Remove(node);
            _recent.AddFirst(node);
            return ValueTask.FromResult<byte[]?>(node.Value.Value);
        }
    }

    public ValueTask SetAsync(string key, byte[] value, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_nodes.Remove(key, out var old))
                Drop(old);
            if (value.Length > budget)
                return ValueTask.CompletedTask;
            _nodes[key] = _recent.AddFirst((key, value));
            _bytes += value.Length;
            while (_bytes > budget)
            {
                _nodes.Remove(_recent.Last!.Value.Key);
                Drop(_recent.Last);
            }
        }

        return ValueTask.CompletedTask;
    }

    private void Drop(LinkedListNode<(string Key, byte[] Value)> node)
    {
        _recent.Remove(node);
        _bytes -= node.Value.Value.Length;
    }
}
