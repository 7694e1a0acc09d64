namespace Diffusion.Mesh.Import.Graphs;

/// <summary>Names of lengths that each call chooses, as the usual exporters name them.</summary>
internal static class Lengths
{
    public const string Rows = "batch_size";
    public const string Height = "height";
    public const string Width = "width";
    public const string PictureHeight = "image_height";
    public const string PictureWidth = "image_width";
    public const string Tokens = "sequence_length";
}
