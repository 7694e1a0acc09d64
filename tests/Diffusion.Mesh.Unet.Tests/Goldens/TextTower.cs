using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Tokenization;
using Microsoft.ML.OnnxRuntime;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>A text encoder with all of its outputs.</summary>
internal sealed class TextTower : IDisposable
{
    private const string Ids = "input_ids";

    private readonly InferenceSession _session;
    private readonly ClipTokenizer _tokenizer;

    public TextTower(ModelFacts model, TextTowerFacts tower)
    {
        _tokenizer = ClipTokenizer.Load(Path.Combine(model.Folder, tower.Tokenizer), tower.Window);
        _session = new InferenceSession(Path.Combine(model.Folder, tower.Part, "model.onnx"));
    }

    /// <summary>The named output for <paramref name="text"/>, as float32 with its shape.</summary>
    public (float[] Values, int[] Shape) Encode(string text, string output)
    {
        var ids = _tokenizer.Encode(text).Ids;
        using var input = _session.InputMetadata[Ids].ElementType == typeof(long)
            ? OrtValue.CreateTensorValueFromMemory<long>([.. ids.Select(id => (long)id)], [1, ids.Length])
            : OrtValue.CreateTensorValueFromMemory<int>([.. ids], [1, ids.Length]);
        using var run = new RunOptions();
        using var outputs = _session.Run(run, new Dictionary<string, OrtValue> { [Ids] = input }, [output]);
        var bytes = outputs[0].GetTensorMutableRawData();
        int[] shape = [.. outputs[0].GetTensorTypeAndShape().Shape.Select(length => (int)length)];
        var values = new float[shape.Aggregate(1, (product, length) => product * length)];
        Elements.Read(bytes, bytes.Length == 2 * values.Length ? ElementType.Float16 : ElementType.Float32, values);
        return (values, shape);
    }

    /// <summary>The last hidden state but one.</summary>
    public (float[] Values, int[] Shape) EncodePenultimate(string text) =>
        Encode(text, $"hidden_states.{_session.OutputMetadata.Keys.Count(name => name.StartsWith("hidden_states.", StringComparison.Ordinal)) - 2}");

    public void Dispose() => _session.Dispose();
}
