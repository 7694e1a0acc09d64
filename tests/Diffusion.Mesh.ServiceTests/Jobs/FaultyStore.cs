using System.Collections.Concurrent;
using System.Reflection;
using Diffusion.Mesh.State;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Stands before a store and does to its methods what a test wants.</summary>
public class FaultyStore : DispatchProxy
{
    private readonly ConcurrentDictionary<string, Func<object?[], object?>> _faults = new();
    private readonly ConcurrentQueue<(string Method, object?[] Arguments)> _calls = new();
    private IJobStore _store = null!;

    /// <summary>The calls so far of a method.</summary>
    public IReadOnlyList<object?[]> Calls(string method) => [.. _calls.Where(c => c.Method == method).Select(c => c.Arguments)];

    public static (IJobStore Store, FaultyStore Faults) Before(IJobStore store)
    {
        var proxy = Create<IJobStore, FaultyStore>();
        ((FaultyStore)proxy)._store = store;
        return (proxy, (FaultyStore)proxy);
    }

    /// <summary>A method answers with this from now on; null: as the store does.</summary>
    public void Answer(string method, Func<object?[], object?> answer) => _faults[method] = answer;

    /// <summary>A method fails from now on.</summary>
    public void Fail(string method) => _faults[method] = _ => throw new StateUnavailableException("The test has switched it off.");

    /// <summary>It works again.</summary>
    public void Heal(string method) => _faults.TryRemove(method, out _);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var name = targetMethod!.Name;
        _calls.Enqueue((name, args!));
        return (_faults.TryGetValue(name, out var fault) ? fault(args!) : null) ?? targetMethod.Invoke(_store, args);
    }
}
