namespace Diffusion.Mesh.Unet;

/// <summary>Where the engine's thread leaves its load for others to read: made only where somebody has read the last one.</summary>
internal sealed class LoadBoard
{
    private volatile EngineLoad _load = EngineLoad.None;
    private volatile bool _isWanted = true;

    /// <summary>The load, at most a step old.</summary>
    public EngineLoad Read()
    {
        _isWanted = true;
        return _load;
    }

    public void Publish(EngineLoad load) => _load = load;

    public void PublishIfWanted(PassPlanner planner, IReadOnlyList<Generation> generations)
    {
        if (!_isWanted)
            return;
        _isWanted = false;
        _load = EngineLoad.Of(planner, generations);
    }
}
