namespace Diffusion.Mesh.Inference;

/// <summary>
/// A text tower's final layer norm, told from what the tower gives before and after it: an ONNX file applies it to its last hidden state only, and a
/// hidden state further from the end needs the same.
/// </summary>
public sealed class FinalLayerNorm
{
    private readonly double _epsilon;
    private readonly double[] _gain;
    private readonly double[] _bias;

    private FinalLayerNorm(double epsilon, double[] gain, double[] bias) => (_epsilon, _gain, _bias) = (epsilon, gain, bias);

    /// <summary>Fits gain and bias, for each channel by least squares over the tokens.</summary>
    /// <param name="before">Hidden states before the norm, [1, tokens, width], of tokens that differ.</param>
    /// <param name="after">The same after it.</param>
    /// <param name="epsilon">The constant that the norm adds to the variance.</param>
    /// <param name="error">The largest miss, as a fraction of the largest value of <paramref name="after"/>; small only where the two are truly
    /// a layer norm apart.</param>
    public static FinalLayerNorm Fit(TensorData before, TensorData after, double epsilon, out double error)
    {
        var width = before.Shape[^1];
        var normal = Normalize(before.ToFloats(), width, epsilon);
        var target = after.ToFloats();
        var (gain, bias) = (new double[width], new double[width]);
        for (var channel = 0; channel < width; channel++)
            (gain[channel], bias[channel]) = Line(normal, target, channel, width);

        var norm = new FinalLayerNorm(epsilon, gain, bias);
        var largest = target.Max(v => Math.Abs((double)v));
        error = norm.Scale(normal).Zip(target, (got, wanted) => Math.Abs(got - wanted)).Max() / (largest > 0 ? largest : 1);
        return norm;
    }

    /// <summary>The norm of a hidden state, [1, tokens, width], in its own element type.</summary>
    public TensorData Apply(TensorData hidden) => TensorData.From(
        Array.ConvertAll(Scale(Normalize(hidden.ToFloats(), _gain.Length, _epsilon)), v => (float)v), hidden.Shape, hidden.Type);

    private double[] Scale(double[] normal)
    {
        var scaled = new double[normal.Length];
        for (var i = 0; i < scaled.Length; i++)
            scaled[i] = normal[i] * _gain[i % _gain.Length] + _bias[i % _gain.Length];
        return scaled;
    }

    private static double[] Normalize(float[] hidden, int width, double epsilon)
    {
        var normal = new double[hidden.Length];
        for (var start = 0; start < hidden.Length; start += width)
        {
            double sum = 0, squares = 0;
            for (var i = start; i < start + width; i++)
                sum += hidden[i];
            var mean = sum / width;
            for (var i = start; i < start + width; i++)
                squares += (hidden[i] - mean) * (hidden[i] - mean);
            var scale = 1 / Math.Sqrt(squares / width + epsilon);
            for (var i = start; i < start + width; i++)
                normal[i] = (hidden[i] - mean) * scale;
        }

        return normal;
    }

    // y = gain * x + bias over one channel's tokens. A channel that never moves tells its value only.
    private static (double Gain, double Bias) Line(double[] x, float[] y, int channel, int width)
    {
        double meanX = 0, meanY = 0, covariance = 0, variance = 0;
        var tokens = x.Length / width;
        for (var i = channel; i < x.Length; i += width)
            (meanX, meanY) = (meanX + x[i] / tokens, meanY + y[i] / (double)tokens);
        for (var i = channel; i < x.Length; i += width)
        {
            covariance += (x[i] - meanX) * (y[i] - meanY);
            variance += (x[i] - meanX) * (x[i] - meanX);
        }

        var gain = variance > 0 ? covariance / variance : 0;
        return (gain, meanY - gain * meanX);
    }
}
