using Google.Protobuf;

namespace Diffusion.Mesh.Import.Onnx;

/// <summary>Writes graphs.</summary>
internal static class OnnxFile
{
    /// <summary>The graph's file in its part's folder.</summary>
    public const string Graph = "model.onnx";

    /// <summary>The file of its weights beside it.</summary>
    public const string Weights = "model.onnx_data";

    /// <summary>Writes a graph, and its weights beside it, into a folder.</summary>
    /// <param name="model">Its weights' places are filled in.</param>
    /// <param name="folder">Exists, and has neither file.</param>
    /// <param name="link">Weights that lie in a file in the same type are pointed to, not copied.</param>
    /// <param name="progress">Gets the bytes that were read, after each piece.</param>
    /// <exception cref="ImportException">A weight is not finite.</exception>
    /// <exception cref="IOException">The disk is full, or cannot be written.</exception>
    public static void Write(OnnxModel model, string folder, bool link, Action<long>? progress, CancellationToken cancellation)
    {
        using (var weights = new WeightFile(folder, model.Precision, link, progress))
        {
            foreach (var weight in model.Weights)
            {
                cancellation.ThrowIfCancellationRequested();
                weights.Add(weight);
            }
        }

        using var file = File.Create(Path.Combine(folder, Graph));
        model.Proto.WriteTo(file);
    }
}
