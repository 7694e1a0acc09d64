using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Sampling;

namespace Diffusion.Mesh.Vae;

/// <summary>Fits a <see cref="LatentProjection"/> to what the VAE decodes from a few latents: least squares by the normal equations.</summary>
internal static class LatentProjectionFit
{
    // 96 patches: enough for 16 channels, and a few seconds for a large VAE on a CPU.
    private const int Decodes = 6;
    private const int Side = 16;

    // Noise in patches of equal latents, as many wide: pictures are smooth, and of latents that all differ a decoder makes something else.
    private const int Patch = 4;

    /// <summary>The projection of a model: the same numbers each time.</summary>
    public static LatentProjection Fit(ModelFacts model, VaeModel vae)
    {
        var channels = model.LatentChannels;
        var sums = new double[channels + 1][];
        for (var i = 0; i < sums.Length; i++)
            sums[i] = new double[channels + 1 + 3];
        var noise = new NoiseStream(0);
        for (var i = 0; i < Decodes; i++)
        {
            var latents = Latents(noise, channels);
            var pixels = vae.Decode(TensorData.From(latents, [1, channels, Side, Side])).ToFloats();
            for (var cell = 0; cell < Side * Side; cell++)
                Add(sums, Row(latents, pixels, channels, model.Scale, cell));
        }

        var solutions = Enumerable.Range(0, 3).Select(colour => LinearSystem.Solve(
            [.. sums.Select(row => (double[])[.. row[..(channels + 1)], row[channels + 1 + colour]])])).ToArray();
        return new LatentProjection(
            [.. Enumerable.Range(0, channels).Select(channel => Array.ConvertAll(solutions, s => s[channel]))],
            Array.ConvertAll(solutions, s => s[channels]));
    }

    private static float[] Latents(NoiseStream noise, int channels)
    {
        const int small = Side / Patch;
        var values = new float[channels * small * small];
        noise.Draw(values);
        var latents = new float[channels * Side * Side];
        for (var i = 0; i < latents.Length; i++)
            latents[i] = values[(i / (Side * Side) * small + i / Side % Side / Patch) * small + i % Side / Patch];
        return latents;
    }

    // One latent's channels, a one for the bias, and the mean colour of its pixels, clipped as a picture is.
    private static double[] Row(float[] latents, float[] pixels, int channels, int scale, int cell)
    {
        var row = new double[channels + 1 + 3];
        for (var channel = 0; channel < channels; channel++)
            row[channel] = latents[channel * Side * Side + cell];
        row[channels] = 1;
        var (left, top, width) = (cell % Side * scale, cell / Side * scale, Side * scale);
        for (var colour = 0; colour < 3; colour++)
        {
            for (var i = 0; i < scale * scale; i++)
                row[channels + 1 + colour] += Math.Clamp(pixels[(colour * width + top + i / scale) * width + left + i % scale], -1, 1);
            row[channels + 1 + colour] /= scale * scale;
        }

        return row;
    }

    // Each unknown's products with all unknowns and the three colours.
    private static void Add(double[][] sums, double[] row)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            for (var j = 0; j < row.Length; j++)
                sums[i][j] += row[i] * row[j];
        }
    }
}
