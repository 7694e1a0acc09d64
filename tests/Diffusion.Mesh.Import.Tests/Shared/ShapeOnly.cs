using System.Text.Json;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Tests;

/// <summary>A tensor that is known by name, type and shape, as from a header alone; every element is the same.</summary>
internal sealed class ShapeOnly(string name, TensorShape shape, StoredType type = StoredType.Float16, float value = 0.02f)
    : StoredTensor(name, shape, type)
{
    /// <summary>Names and shapes of a real file.</summary>
    public static (string Family, Dictionary<string, StoredTensor> Tensors) ReadHeader(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        var tensors = json.RootElement.GetProperty("tensors").EnumerateObject().ToDictionary(t => t.Name, StoredTensor (t) => new ShapeOnly(
            t.Name,
            new TensorShape([.. t.Value.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64())]),
            t.Value.GetProperty("dtype").GetString() == "I64" ? StoredType.Int64 : StoredType.Float16));
        return (json.RootElement.GetProperty("family").GetString()!, tensors);
    }

    protected internal override void ReadValues(long start, Span<float> values) => values.Fill(value);
}
