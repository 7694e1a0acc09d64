using Diffusion.Mesh.Inference;

namespace Diffusion.Mesh.Unet;

/// <summary>What to run next.</summary>
/// <param name="Group">Whose turn it is.</param>
/// <param name="Size">Rows of the pass, padding included.</param>
/// <param name="ToTry">A number of rows to be tried before, to learn whether it gives the same bits; null: none.</param>
internal readonly record struct PlannedPass(ShapeGroup Group, int Size, int? ToTry);

/// <summary>Sorts rows into groups that can share a pass, and says whose turn it is and how many rows go. Only the engine's thread touches it.</summary>
internal sealed class PassPlanner : IDisposable
{
    // Groups that nobody is in keep their memory and measurements for the next picture of their shape, up to so many.
    private const int MostGroups = 24;

    // How long passes stay short after the last time that others waited.
    private static readonly TimeSpan s_memory = TimeSpan.FromSeconds(1);

    private readonly EngineLimits _limits;
    private readonly bool _hasBitsPerShape;
    private readonly TimeProvider _time;
    private readonly Turns<ShapeGroup> _turns;
    private readonly Func<ShapeGroup, double> _cost;
    private readonly Dictionary<(UnetModel, UnetShape), ShapeGroup> _groups = [];
    private readonly Dictionary<UnetModel, SameBits> _bits = [];
    private readonly Dictionary<UnetModel, PassMemory> _memory = [];
    private long? _lastShared;
    private bool _isShared;

    /// <param name="provider">ONNX Runtime's execution provider.</param>
    public PassPlanner(EngineLimits limits, string provider, TimeProvider time)
    {
        (_limits, _time) = (limits, time);
        // The CPU's kernels are picked by what a row is, not by how large; a GPU's libraries pick theirs by both.
        _hasBitsPerShape = provider != "cpu";
        _turns = new Turns<ShapeGroup>(limits.ShortWorkWeight);
        _cost = CostOfTurn;
    }

    /// <summary>The groups that have rows.</summary>
    public IEnumerable<ShapeGroup> Active => _groups.Values.Where(group => group.Members.Count > 0);

    /// <summary>Takes a generation in, and makes its next evaluation wait.</summary>
    public void Enter(Generation generation)
    {
        var job = generation.Job;
        var guided = new RowSet(generation, isGuided: true, job.Positive, GroupOf(job, job.Positive[0]));
        var unguided = job.Negative is null ? null : new RowSet(generation, isGuided: false, job.Negative, GroupOf(job, job.Negative[0]));
        generation.Enter(guided, unguided);
        if (job.Done < job.Evaluations)
            generation.Prepare();
        foreach (var rows in generation.Sides)
            rows.Group.Join(rows);
        Update(generation);
    }

    /// <summary>Lets a generation go.</summary>
    public void Leave(Generation generation)
    {
        foreach (var rows in generation.Sides)
        {
            rows.Group.Leave(rows);
            rows.Group.LastUse = _time.GetTimestamp();
        }

        Update(generation);
        Trim();
    }

    /// <summary>A generation's rows wait, or do not any more.</summary>
    public void Update(Generation generation)
    {
        foreach (var rows in generation.Sides)
            Update(rows.Group);
    }

    /// <summary>Rows of a group wait, or do not any more.</summary>
    public void Update(ShapeGroup group)
    {
        var isActive = group.Waiting() > 0;
        if (isActive == group.IsActive)
            return;
        group.IsActive = isActive;
        if (isActive)
            _turns.Enter(group);
        else
            _turns.Leave(group);
    }

    /// <summary>The next pass; somebody's rows must wait.</summary>
    /// <param name="hasMany">Whether several generations are in work.</param>
    public PlannedPass Next(bool hasMany)
    {
        if (hasMany && _turns.Count > 1)
            _lastShared = _time.GetTimestamp();
        // Whoever comes back in a moment, as clients do, finds short passes.
        _isShared = _lastShared is { } last && _time.GetElapsedTime(last) < s_memory;
        var group = _turns.Next(_cost);
        group.Sizes.Bound(MemoryOf(group.Unet).Most(group.Pixels, _limits.MostRows));
        var choice = Choose(group);
        return new PlannedPass(group, choice.Size, choice.ToTry);
    }

    /// <summary>A pass of a group took so long.</summary>
    public void Charge(ShapeGroup group, double seconds) => _turns.Charge(group, seconds);

    /// <summary>The memory for a model's passes.</summary>
    public PassMemory MemoryOf(UnetModel unet)
    {
        if (!_memory.TryGetValue(unet, out var memory))
            _memory[unet] = memory = new PassMemory(_limits.MemoryBytes);
        return memory;
    }

    /// <summary>The least seconds in which a generation can come to its end, if it had the worker for itself.</summary>
    public double LeastSeconds(Generation generation)
    {
        var (guided, unguided) = (generation.GuidedRows, generation.UnguidedRows);
        var step = unguided is null ? guided.Group.Sizes.Least(guided.Count)
            : unguided.Group == guided.Group ? guided.Group.Sizes.Least(guided.Count)
            : Math.Max(guided.Group.Sizes.Least(guided.Count), unguided.Group.Sizes.Least(unguided.Count));
        return step * (generation.Job.Evaluations - generation.Job.Done);
    }

    public void Dispose()
    {
        foreach (var group in _groups.Values)
            group.Dispose();
    }

    private PassChoice Choose(ShapeGroup group) =>
        group.Choose(_isShared ? _limits.SharedPassSeconds : _limits.PassSeconds, _isShared, onlyFirst: !_limits.IsBatching);

    private double CostOfTurn(ShapeGroup group) => group.Sizes.Cost(Choose(group).Size);

    private ShapeGroup GroupOf(ValidDenoiseJob job, IReadOnlyDictionary<string, TensorData> conditioning)
    {
        var shape = UnetShape.Of(job.LatentShape[2], job.LatentShape[3], conditioning);
        if (_groups.TryGetValue((job.Unet, shape), out var group))
            return group;
        var most = job.Unet.TakesSingleRows ? 1 : _limits.MostRows;
        return _groups[(job.Unet, shape)] = new ShapeGroup(job.Model.Name, job.Unet, shape, BitsOf(job.Unet), _limits.KeepsBits, most);
    }

    private SameBits BitsOf(UnetModel unet)
    {
        if (unet.TakesSingleRows)
            return SameBits.OfSingleRows();
        if (_hasBitsPerShape)
            return SameBits.Unknown();
        if (!_bits.TryGetValue(unet, out var bits))
            _bits[unet] = bits = SameBits.Unknown();
        return bits;
    }

    private void Trim()
    {
        while (_groups.Count > MostGroups && _groups.Where(g => g.Value.Members.Count == 0).OrderBy(g => g.Value.LastUse).FirstOrDefault() is { Value: not null } oldest)
        {
            oldest.Value.Dispose();
            _groups.Remove(oldest.Key);
        }
    }
}
