namespace Diffusion.Mesh.Import.Layouts;

/// <summary>What a CLIP text encoder's names and shapes tell of it.</summary>
/// <param name="Width">Of its hidden states.</param>
/// <param name="Layers">Transformer layers that are used.</param>
/// <param name="FeedForwardWidth">Of the feed-forward layers.</param>
/// <param name="Vocabulary">Token embeddings.</param>
/// <param name="Window">Position embeddings: tokens that it takes at once.</param>
/// <param name="ProjectionWidth">Of the pooled embedding; 0 where the pipeline uses none.</param>
/// <param name="OpenClip">Whether its names are OpenCLIP's.</param>
internal sealed record ClipStructure(
    long Width, int Layers, long FeedForwardWidth, long Vocabulary, long Window, long ProjectionWidth, bool OpenClip);
