using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Sampling;

namespace Diffusion.Mesh.Vae;

/// <summary>Fits a <see cref="LatentProjection"/> to what the VAE decodes from a few latents: least squares by the normal equations.</summary>
internal static class LatentProjectionFit
{
    // Patches of equal latents, as many latents wide: pictures are smooth, and a decoder answers to neighbours. The last are for details.
    private static readonly int[] Patches = [4, 4, 2, 2, 1, 1];

    /// <summary>The projection of a model: the same numbers each time.</summary>
    public static LatentProjection Fit(ModelFacts model, VaeModel vae)
    {
        var (channels, side) = (model.LatentChannels, 2 * model.SizeMultiple / model.Scale);
        var sums = new double[channels + 1][];
        for (var i = 0; i < sums.Length; i++)
            sums[i] = new double[channels + 1 + 3];
        var noise = new NoiseStream(0);
        foreach (var patch in Patches)
        {
            var latents = Latents(noise, channels, side, patch);
            var pixels = vae.Decode(TensorData.From(latents, [1, channels, side, side])).ToFloats();
            for (var cell = 0; cell < side * side; cell++)
                Add(sums, Row(latents, pixels, channels, side, model.Scale, cell));
        }

        var solutions = Enumerable.Range(0, 3).Select(colour => LinearSystem.Solve(
            [.. sums.Select(row => (double[])[.. row[..(channels + 1)], row[channels + 1 + colour]])])).ToArray();
        return new LatentProjection(
            [.. Enumerable.Range(0, channels).Select(channel => Array.ConvertAll(solutions, s => s[channel]))],
            Array.ConvertAll(solutions, s => s[channels]));
    }

    private static float[] Latents(NoiseStream noise, int channels, int side, int patch)
    {
        var small = (side + patch - 1) / patch;
        var values = new float[channels * small * small];
        noise.Draw(values);
        var latents = new float[channels * side * side];
        for (var i = 0; i < latents.Length; i++)
            latents[i] = values[(i / (side * side) * small + i / side % side / patch) * small + i % side / patch];
        return latents;
    }

    // One latent's channels, a one for the bias, and the mean colour of its pixels, clipped as a picture is.
    private static double[] Row(float[] latents, float[] pixels, int channels, int side, int scale, int cell)
    {
        var row = new double[channels + 1 + 3];
        for (var channel = 0; channel < channels; channel++)
            row[channel] = latents[channel * side * side + cell];
        row[channels] = 1;
        var (left, top, width) = (cell % side * scale, cell / side * scale, side * scale);
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
