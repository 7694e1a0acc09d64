namespace Diffusion.Mesh.Autoscaling;

/// <summary>What is to happen, in the order of its time; of the same time, in the order in which it was planned.</summary>
internal sealed class Agenda(VirtualTime time)
{
    private readonly PriorityQueue<Func<Task>, (TimeSpan At, long Number)> _plans = new();
    private long _number;

    /// <summary>Plans something for a time from now.</summary>
    public void After(TimeSpan wait, Func<Task> plan) => _plans.Enqueue(plan, (time.Elapsed + wait, ++_number));

    /// <summary>The same for what nobody has to wait for.</summary>
    public void After(TimeSpan wait, Action plan) => After(wait, () =>
    {
        plan();
        return Task.CompletedTask;
    });

    /// <summary>Plans something again and again, the first time now.</summary>
    public void Every(TimeSpan period, Func<Task> plan) => After(TimeSpan.Zero, async () =>
    {
        await plan();
        After(period, () => Again(period, plan));
    });

    /// <summary>Does everything up to a time since the beginning.</summary>
    public async Task RunAsync(TimeSpan end)
    {
        while (_plans.TryPeek(out var plan, out var when) && when.At <= end)
        {
            _plans.Dequeue();
            time.MoveTo(when.At);
            await plan();
        }

        time.MoveTo(end);
    }

    private async Task Again(TimeSpan period, Func<Task> plan)
    {
        await plan();
        After(period, () => Again(period, plan));
    }
}
