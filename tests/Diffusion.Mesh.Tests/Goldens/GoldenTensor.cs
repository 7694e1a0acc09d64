using System.Runtime.InteropServices;
using System.Text.Json;

namespace Diffusion.Mesh.Tests;

/// <summary>A tensor of a golden file.</summary>
internal sealed record GoldenTensor(int[] Shape, float[] Values)
{
    public int Count => Values.Length;

    /// <summary>Reads <c>{ shape, f32: base64 }</c>.</summary>
    public static GoldenTensor Read(JsonElement element)
    {
        int[] shape = [.. element.GetProperty("shape").EnumerateArray().Select(side => side.GetInt32())];
        var values = MemoryMarshal.Cast<byte, float>(element.GetProperty("f32").GetBytesFromBase64()).ToArray();
        Assert.Equal(shape.Aggregate(1, (product, side) => product * side), values.Length);
        return new GoldenTensor(shape, values);
    }

    /// <summary>Row <paramref name="index"/> of the first dimension.</summary>
    public ReadOnlySpan<float> Row(int index) => Values.AsSpan(index * (Count / Shape[0]), Count / Shape[0]);
}
