using Diffusion.Mesh.Import.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Diffusion.Mesh.Import.Tests;

/// <summary>A graph, written to a folder of its own and loaded from there.</summary>
internal sealed class WrittenGraph : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mesh-graph-");
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();

    public WrittenGraph(OnnxModel model, bool link = false)
    {
        OnnxFile.Write(model, _folder.FullName, link, progress: null, CancellationToken.None);
        _session = new InferenceSession(Path.Combine(_folder.FullName, OnnxFile.Graph));
    }

    public string Folder => _folder.FullName;

    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    public IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    /// <summary>Runs the graph; half precision goes in and comes out as float32.</summary>
    /// <returns>The values of each output.</returns>
    public float[][] Run(string[] outputs, params (string Name, Array Values, long[] Shape)[] inputs)
    {
        var values = inputs.ToDictionary(input => input.Name, input => Value(input.Name, input.Values, input.Shape));
        try
        {
            using var results = _session.Run(_run, values, outputs);
            return [.. results.Select(Floats)];
        }
        finally
        {
            foreach (var value in values.Values)
                value.Dispose();
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
        _folder.Delete(recursive: true);
    }

    private OrtValue Value(string name, Array values, long[] shape) => values switch
    {
        long[] ids => OrtValue.CreateTensorValueFromMemory(ids, shape),
        float[] floats when _session.InputMetadata[name].ElementType == typeof(Float16) =>
            OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(floats, f => (Float16)f), shape),
        _ => OrtValue.CreateTensorValueFromMemory((float[])values, shape),
    };

    private static float[] Floats(OrtValue value) => value.GetTensorTypeAndShape().ElementDataType == TensorElementType.Float
        ? value.GetTensorDataAsSpan<float>().ToArray()
        : Array.ConvertAll(value.GetTensorDataAsSpan<Float16>().ToArray(), half => (float)half);
}
