using Diffusion.Mesh.Inference;

namespace Diffusion.Mesh.TextEncoder;

/// <summary>Gives tokens more or less attention: each hidden state times its weight, then all scaled so that their mean is what it was.</summary>
/// <remarks>
/// The convention of AUTOMATIC1111's web interface ("original" emphasis), window by window and tower by tower as there.
/// </remarks>
internal static class AttentionScaling
{
    /// <summary>Weights a hidden state.</summary>
    /// <param name="hidden">[1, tokens, width].</param>
    /// <param name="weights">One for each token; null: all 1, and the hidden state stays as it is.</param>
    public static TensorData Apply(TensorData hidden, IReadOnlyList<float>? weights)
    {
        if (weights is null)
            return hidden;
        var values = hidden.ToFloats();
        var width = hidden.Shape[2];
        var before = Sum(values);
        for (var i = 0; i < values.Length; i++)
            values[i] *= weights[i / width];
        // Nothing brings back the mean of what has none any more.
        var after = Sum(values);
        var scale = after == 0 ? 1 : before / after;
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(values[i] * scale);
        return TensorData.From(values, hidden.Shape, hidden.Type);
    }

    private static double Sum(float[] values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum;
    }
}
