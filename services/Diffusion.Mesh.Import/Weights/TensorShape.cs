using System.Collections.Immutable;

namespace Diffusion.Mesh.Import.Weights;

/// <summary>A tensor's dimensions, slowest first; none for a scalar.</summary>
internal readonly struct TensorShape(params ReadOnlySpan<long> dimensions) : IEquatable<TensorShape>
{
    private readonly ImmutableArray<long> _dimensions = [.. dimensions];

    public ImmutableArray<long> Dimensions => _dimensions.IsDefault ? [] : _dimensions;

    public int Rank => Dimensions.Length;

    public long this[Index index] => Dimensions[index];

    /// <summary>Elements in all.</summary>
    public long Count => Dimensions.Aggregate(1L, (product, d) => checked(product * d));

    /// <summary>Elements of one row: of everything behind the first dimension.</summary>
    public long RowLength => Dimensions.Skip(1).Aggregate(1L, (product, d) => checked(product * d));

    public bool Equals(TensorShape other) => Dimensions.SequenceEqual(other.Dimensions);

    public override bool Equals(object? obj) => obj is TensorShape other && Equals(other);

    public override int GetHashCode() => Dimensions.Aggregate(Rank, HashCode.Combine);

    public override string ToString() => $"[{string.Join(", ", Dimensions)}]";
}
