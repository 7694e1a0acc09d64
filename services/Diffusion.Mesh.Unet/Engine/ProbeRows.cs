using Diffusion.Mesh.Inference;

namespace Diffusion.Mesh.Unet;

/// <summary>Drawn content for rows, to try what a number of rows does to the bits.</summary>
internal sealed class ProbeRows(UnetModel unet, UnetShape shape)
{
    // Anything between the ends of the noise schedule.
    private const float Timestep = 437;

    private readonly int _latents = unet.InputChannels * shape.Height * shape.Width;
    private readonly Dictionary<int, Content> _contents = [];

    /// <summary>Writes content number <paramref name="number"/> into a row.</summary>
    public void Write(UnetRows rows, int row, int number)
    {
        if (!_contents.TryGetValue(number, out var content))
            _contents[number] = content = Draw(new Random(number));
        rows.SetLatents(row, content.Latents, []);
        rows.SetTimestep(row, Timestep);
        rows.SetConditioning(row, content.Conditioning);
    }

    /// <summary>What was predicted for a row.</summary>
    public float[] Read(UnetRows rows, int row)
    {
        var prediction = new float[OutputLength];
        rows.GetPrediction(row, prediction);
        return prediction;
    }

    private int OutputLength => unet.OutputChannels * shape.Height * shape.Width;

    private Content Draw(Random random) => new(
        Numbers(random, _latents),
        unet.ConditioningInputs.ToDictionary(input => input.Key, input => Conditioning(random, input.Value.Type, shape.Conditioning[input.Key])));

    private static TensorData Conditioning(Random random, ElementType type, IReadOnlyList<int> shape) =>
        TensorData.From(Numbers(random, shape.Aggregate(1, (product, length) => product * length)), shape, type);

    private static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => 4 * random.NextSingle() - 2)];

    private sealed record Content(float[] Latents, IReadOnlyDictionary<string, TensorData> Conditioning);
}
