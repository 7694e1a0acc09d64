namespace Diffusion.Mesh.Import.Layouts;

/// <summary>Reads a CLIP text encoder's structure from the names and shapes of its tensors, in any layout.</summary>
internal static class ClipReader
{
    /// <summary>Layers of OpenCLIP's ViT-H, of which Stable Diffusion 2 uses all but the last.</summary>
    private const int LayersOfH = 24;

    /// <param name="projection">Whether the pipeline uses the projected embedding of the whole text.</param>
    /// <param name="penultimate">Whether the last layer is there but not used, as in Stable Diffusion 2's original files.</param>
    /// <param name="layers">Layers to use, where a configuration tells.</param>
    /// <exception cref="ImportException">A tensor that tells the structure is missing.</exception>
    public static ClipStructure Read(PartTensors text, bool projection, bool penultimate, int? layers)
    {
        var openClip = text.Names.Has("transformer.resblocks");
        var model = text.Names.Has("text_model") ? "text_model." : "";
        var tokens = text.Shape(openClip ? "token_embedding.weight" : $"{model}embeddings.token_embedding.weight", 2);
        var positions = text.Shape(openClip ? "positional_embedding" : $"{model}embeddings.position_embedding.weight", 2);
        var first = openClip ? "transformer.resblocks.0.mlp.c_fc.weight" : $"{model}encoder.layers.0.mlp.fc1.weight";
        var stored = text.Names.Count(openClip ? "transformer.resblocks" : $"{model}encoder.layers");
        return new ClipStructure(
            tokens[1], Used(stored), text.Shape(first, 2)[0], tokens[0], positions[0], projection ? Projection() : 0, openClip);

        int Used(int count) => !openClip || !penultimate ? count
            : layers is { } told && told <= count ? told
            // Files that were converted back from diffusers' layout lack the last layer.
            : count == LayersOfH - 1 ? count : count - 1;

        // The parameter is [width, projection], the linear layer's weight [projection, width].
        long Projection() => text.Names.Has("text_projection.weight")
            ? text.Shape("text_projection.weight", 2)[0]
            : text.Shape("text_projection", 2)[1];
    }
}
