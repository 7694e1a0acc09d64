namespace Diffusion.Mesh.Models;

/// <summary>The folder of models, or a model asked for by option, is not there.</summary>
public sealed class ModelRootException(string message) : Exception(message);
