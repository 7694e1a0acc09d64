using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Adapters;

/// <summary>The tensors with which an adapter changes one module.</summary>
/// <param name="name">The module as the file spells it; errors tell it.</param>
/// <param name="scales">What the file's metadata say of alphas.</param>
internal sealed class AdapterModule(string name, PeftScales? scales)
{
    private readonly Dictionary<AdapterRole, StoredTensor> _tensors = [];

    /// <exception cref="ImportException">The file has two tensors of this role.</exception>
    public void Add(AdapterRole role, StoredTensor tensor)
    {
        if (!_tensors.TryAdd(role, tensor))
            throw new ImportException($"The adapter has two tensors for one place: '{tensor.Name}' and '{_tensors[role].Name}'.");
    }

    /// <summary>How the module's weight changes; null where only its bias does.</summary>
    /// <param name="shape">The weight's.</param>
    /// <param name="strength">The user's factor.</param>
    /// <exception cref="ImportException">Tensors are missing, or do not fit the weight.</exception>
    public Func<IWeightDelta>? WeightDelta(TensorShape shape, double strength)
    {
        if (_tensors.ContainsKey(AdapterRole.Magnitude))
            throw new ImportException($"The adapter's '{name}' has DoRA magnitudes, which are not supported.");
        Func<IWeightDelta>? delta =
            Has(AdapterRole.Down) || Has(AdapterRole.Up) ? LowRank(shape, strength)
            : Has(AdapterRole.Hada1A) ? Hadamard(shape, strength)
            : _tensors.Keys.Any(r => r is >= AdapterRole.Kron1 and <= AdapterRole.KronCore2) ? Kronecker(shape, strength)
            : Has(AdapterRole.Difference) ? Difference(AdapterRole.Difference, shape, strength)
            : null;
        return delta is null && !Has(AdapterRole.BiasDifference)
            ? throw new ImportException($"The adapter's '{name}' has no factors, only {Listing.Of([.. _tensors.Values.Select(t => t.Name)])}.")
            : delta;
    }

    /// <summary>How the module's bias changes; null where it does not.</summary>
    public Func<IWeightDelta>? BiasDelta(TensorShape shape, double strength) =>
        Has(AdapterRole.BiasDifference) ? Difference(AdapterRole.BiasDifference, shape, strength) : null;

    private Func<IWeightDelta> LowRank(TensorShape shape, double strength)
    {
        var (down, up) = (Get(AdapterRole.Down, 2), Get(AdapterRole.Up, 2));
        var core = Core(AdapterRole.Mid);
        Require(up.Shape[0] == shape[0] && up.Shape.RowLength == (core?.Shape[0] ?? down.Shape[0]), shape);
        RequireInput(down, core, shape);
        var scale = Scale(strength, down.Shape[0]);
        return () => new LowRankDelta(Factor.Of(up), Inner(down, core), scale);
    }

    private Func<IWeightDelta> Hadamard(TensorShape shape, double strength)
    {
        var (up1, down1) = (Get(AdapterRole.Hada1A, 2), Get(AdapterRole.Hada1B, 2));
        var (up2, down2) = (Get(AdapterRole.Hada2A, 2), Get(AdapterRole.Hada2B, 2));
        var (core1, core2) = (Core(AdapterRole.HadaCore1), Core(AdapterRole.HadaCore2));
        foreach (var (up, down, core) in new[] { (up1, down1, core1), (up2, down2, core2) })
        {
            // With a core, the outer factor lies transposed in the file.
            Require(core is null
                ? up.Shape[0] == shape[0] && up.Shape.RowLength == down.Shape[0]
                : up.Shape.RowLength == shape[0] && up.Shape[0] == core.Shape[0], shape);
            RequireInput(down, core, shape);
        }

        var scale = Scale(strength, down1.Shape[0]);
        return () => new HadamardDelta(Outer(up1, core1), Inner(down1, core1), Outer(up2, core2), Inner(down2, core2), scale);
    }

    private Func<IWeightDelta> Kronecker(TensorShape shape, double strength)
    {
        var core = Core(AdapterRole.KronCore2);
        var left = Has(AdapterRole.Kron1) ? Get(AdapterRole.Kron1, 2) : null;
        var right = Has(AdapterRole.Kron2) ? Get(AdapterRole.Kron2, 2) : null;
        var (leftUp, leftDown) = left is null ? (Get(AdapterRole.Kron1A, 2), Get(AdapterRole.Kron1B, 2)) : (left, left);
        var (rightUp, rightDown) = right is null ? (Get(AdapterRole.Kron2A, 2), Get(AdapterRole.Kron2B, 2)) : (right, right);
        var leftRows = leftUp.Shape[0];
        var rightRows = core is null ? rightUp.Shape[0] : rightUp.Shape.RowLength;
        var rightColumns = rightDown.Shape.RowLength * (core is null ? 1 : core.Shape[2] * core.Shape[3]);
        Require(leftRows * rightRows == shape[0] && leftDown.Shape.RowLength * rightColumns == shape.RowLength, shape);
        Require(left is not null || leftUp.Shape.RowLength == leftDown.Shape[0], shape);
        Require(right is not null || (core is null
            ? rightUp.Shape.RowLength == rightDown.Shape[0]
            : rightUp.Shape[0] == core.Shape[0] && rightDown.Shape[0] == core.Shape[1]), shape);

        // Where nothing is factored there is no rank to divide by.
        var scale = right is null ? Scale(strength, rightDown.Shape[0]) : left is null ? Scale(strength, leftDown.Shape[0]) : (float)strength;
        return () => new KroneckerDelta(
            left is null ? Factor.Of(leftUp).Times(Factor.Of(leftDown)) : Factor.Of(left),
            right is null ? Outer(rightUp, core).Times(Inner(rightDown, core)) : Factor.Of(right),
            scale);
    }

    private Func<IWeightDelta> Difference(AdapterRole role, TensorShape shape, double strength)
    {
        var difference = Get(role, 1);
        Require(difference.Shape[0] == shape[0] && difference.Count == shape.Count, shape);
        return () => new FullDelta(difference, (float)strength);
    }

    private static Factor Inner(StoredTensor down, StoredTensor? core) => core is null ? Factor.Of(down) : Factor.Of(down).BehindCore(core);

    private static Factor Outer(StoredTensor up, StoredTensor? core) => core is null ? Factor.Of(up) : Factor.Of(up).Transposed();

    private float Scale(double strength, long rank)
    {
        if (_tensors.TryGetValue(AdapterRole.Scale, out var scale))
            return (float)(strength * Single(scale));
        // Some trainers write 0 and mean the rank.
        var alpha = _tensors.TryGetValue(AdapterRole.Alpha, out var stored) ? Single(stored) : 0;
        return (float)(strength * (alpha != 0 ? alpha / rank : scales?.Of(name, rank) ?? 1));
    }

    private double Single(StoredTensor tensor) =>
        tensor.Count == 1 ? tensor.ReadAll()[0] : throw new ImportException($"The adapter's '{tensor.Name}' is not one number.");

    private bool Has(AdapterRole role) => _tensors.ContainsKey(role);

    private StoredTensor? Core(AdapterRole role) => Has(role) ? Get(role, 4) : null;

    private StoredTensor Get(AdapterRole role, int rank)
    {
        var tensor = _tensors.TryGetValue(role, out var found)
            ? found
            : throw new ImportException($"The adapter's '{name}' lacks its factor {role.ToString().ToLowerInvariant()}.");
        return tensor.Shape.Rank >= rank && tensor.Shape.Dimensions.All(d => d is > 0 and < int.MaxValue)
            ? tensor
            : throw new ImportException($"The adapter's '{tensor.Name}' has the shape {tensor.Shape}, which no factor has.");
    }

    private void RequireInput(StoredTensor down, StoredTensor? core, TensorShape shape) => Require(
        core is null
            ? down.Shape.RowLength == shape.RowLength
            : core.Shape[1] == down.Shape[0] && down.Shape.RowLength * core.Shape[2] * core.Shape[3] == shape.RowLength,
        shape);

    private void Require(bool fits, TensorShape shape)
    {
        if (!fits)
        {
            var shapes = string.Join(", ", _tensors.Values.Select(t => t.Shape));
            throw new ImportException($"The adapter's '{name}' has factors of the shapes {shapes}, which do not fit a weight of {shape}.");
        }
    }
}
