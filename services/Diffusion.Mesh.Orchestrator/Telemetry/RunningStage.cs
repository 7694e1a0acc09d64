namespace Diffusion.Mesh.Orchestrator;

/// <summary>A stage that ends inside another one's work: by the first who says so.</summary>
internal sealed class RunningStage(Action end)
{
    private int _ended;

    public void End()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
            end();
    }
}
