using System.Text.RegularExpressions;
using Diffusion.Mesh.Import.Checkpoints;
using Diffusion.Mesh.Import.Layouts;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Recognition;

/// <summary>Tells what a UNet predicts. Names and shapes do not: the first of many kinds of evidence decides, and is shown.</summary>
internal static partial class PredictionRecognition
{
    public const string Epsilon = "epsilon";
    public const string Velocity = "v_prediction";

    /// <summary>A weight by whose spread the two kinds of Stable Diffusion 2 are told apart: v models have more than <see cref="SpreadOfV"/>.</summary>
    private const string Telltale = "up_blocks.3.attentions.2.transformer_blocks.0.norm1.bias";

    private const double SpreadOfV = 0.09;

    /// <param name="told">What the user says; null: to be recognised.</param>
    /// <param name="scheduler">The scheduler's configuration, or none.</param>
    /// <param name="unet">The UNet, recognised.</param>
    public static (string Prediction, string Evidence) Recognize(
        Checkpoint checkpoint, Family family, UnetStructure structure, CheckpointPart unet, string? told, Config scheduler)
    {
        if (told is not null)
            return (told, "--prediction");
        if (scheduler.Text("prediction_type") is { } configured)
            return (configured, "scheduler/scheduler_config.json");
        foreach (var key in new[] { "modelspec.prediction_type", "modelspec.predict_key" })
        {
            if (checkpoint.Metadata.TryGetValue(key, out var value) && Named(value) is { } prediction)
                return (prediction, $"{key} in the file's metadata");
        }

        if (checkpoint.Metadata.TryGetValue("modelspec.architecture", out var architecture)
            && architecture.StartsWith("stable-diffusion-v2-768-v", StringComparison.Ordinal))
            return (Velocity, "modelspec.architecture in the file's metadata");
        if (SideCar(checkpoint.Path) is { } sideCar)
            return sideCar;
        if (checkpoint.Rest.ContainsKey("v_pred"))
            return (Velocity, "the tensor 'v_pred'");
        return family == Family.Sd21 && structure.InChannels == structure.OutChannels && unet.Has(Telltale)
            ? BySpread(unet)
            : (Epsilon, $"the default of {family.Name}");
    }

    private static string? Named(string value) => value switch
    {
        "epsilon" or "eps" => Epsilon,
        "v" or "v_prediction" or "v-prediction" => Velocity,
        _ => null,
    };

    /// <summary>Model sites give a <c>.yaml</c> of the original code beside the file.</summary>
    private static (string, string)? SideCar(string checkpoint)
    {
        var path = Path.ChangeExtension(checkpoint, ".yaml");
        const long longest = 1 << 20;
        if (Directory.Exists(checkpoint) || !File.Exists(path) || new FileInfo(path).Length > longest)
            return null;
        return Parameterization().Match(File.ReadAllText(path)) is { Success: true } match && Named(match.Groups["type"].Value) is { } prediction
            ? (prediction, $"parameterization in '{Path.GetFileName(path)}'")
            : null;
    }

    private static (string, string) BySpread(CheckpointPart unet)
    {
        var values = unet.Tensors[Telltale].ReadAll();
        var mean = values.Average(v => (double)v);
        var spread = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
        return (spread > SpreadOfV ? Velocity : Epsilon, FormattableString.Invariant($"the spread of '{Telltale}', {spread:0.000}"));
    }

    [GeneratedRegex("""^\s*parameterization:\s*["']?(?<type>\w+)""", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Parameterization();
}
