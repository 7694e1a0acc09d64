namespace Diffusion.Mesh.Inference;

/// <summary>What the rows of one forward pass have in common.</summary>
public sealed class UnetShape : IEquatable<UnetShape>
{
    private readonly string _key;

    /// <param name="height">Latent rows.</param>
    /// <param name="width">Latent columns.</param>
    /// <param name="conditioning">The shape of each conditioning input of one row, with a first dimension of 1, by name.</param>
    public UnetShape(int height, int width, IReadOnlyDictionary<string, IReadOnlyList<int>> conditioning)
    {
        (Height, Width, Conditioning) = (height, width, conditioning);
        var inputs = conditioning.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key} {string.Join('x', c.Value.Skip(1))}");
        _key = string.Join(", ", inputs.Prepend($"{height}x{width}"));
    }

    /// <summary>Latent rows.</summary>
    public int Height { get; }

    /// <summary>Latent columns.</summary>
    public int Width { get; }

    /// <summary>The shape of each conditioning input of one row, with a first dimension of 1, by name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<int>> Conditioning { get; }

    /// <summary>The shape of a row with this conditioning.</summary>
    public static UnetShape Of(int height, int width, IReadOnlyDictionary<string, TensorData> conditioning) =>
        new(height, width, conditioning.ToDictionary(c => c.Key, c => c.Value.Shape));

    /// <inheritdoc/>
    public bool Equals(UnetShape? other) => other is not null && other._key == _key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UnetShape);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_key);

    /// <inheritdoc/>
    public override string ToString() => _key;
}
