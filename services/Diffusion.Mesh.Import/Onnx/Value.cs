namespace Diffusion.Mesh.Import.Onnx;

/// <summary>A tensor that flows along a graph's edges: an input, a weight, a constant or what an operator gives.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Width">Channels of a picture, or length of a token's or a row's vector; 0 where it is none of these.</param>
internal readonly record struct Value(string Name, long Width = 0)
{
    /// <summary>Stands for an optional input that is left out.</summary>
    public static Value None { get; } = new("");
}
