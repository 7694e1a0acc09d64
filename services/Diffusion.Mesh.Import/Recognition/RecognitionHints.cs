namespace Diffusion.Mesh.Import.Recognition;

/// <summary>What the user says about a checkpoint; it goes before everything that is found.</summary>
/// <param name="Family">For example <c>sd15</c>; null: to be recognised.</param>
/// <param name="Prediction"><c>epsilon</c> or <c>v_prediction</c>; null: to be recognised.</param>
/// <param name="Config">A folder of diffusers whose configurations count; null: the checkpoint's own, if it is a folder.</param>
internal sealed record RecognitionHints(string? Family = null, string? Prediction = null, string? Config = null);
