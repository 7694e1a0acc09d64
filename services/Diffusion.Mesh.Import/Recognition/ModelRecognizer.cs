using System.Globalization;
using Diffusion.Mesh.Import.Checkpoints;
using Diffusion.Mesh.Import.Layouts;

namespace Diffusion.Mesh.Import.Recognition;

/// <summary>Understands a checkpoint: its family, its parts, and a place for every tensor.</summary>
internal static class ModelRecognizer
{
    /// <param name="checkpoint">Open; the result reads from it.</param>
    /// <param name="hints">What the user says.</param>
    /// <exception cref="ImportException">Something is missing, unknown, contradictory or not supported; one sentence says what.</exception>
    public static RecognizedModel Recognize(Checkpoint checkpoint, RecognitionHints hints)
    {
        var config = hints.Config ?? (Directory.Exists(checkpoint.Path) ? checkpoint.Path : null);
        FamilyRecognition.RefuseByNames(checkpoint);
        var unet = UnetReader.Read(checkpoint.Parts["unet"]);
        var (family, familyEvidence) = FamilyRecognition.Recognize(checkpoint, unet, hints.Family, config);
        var vae = VaeReader.Read(Part(checkpoint, "vae"));
        var accounting = new Accounting(checkpoint);
        var unetPart = accounting.Match("unet", UnetWeights.Of(unet));
        var vaePart = accounting.Match("vae", VaeWeights.Of(vae));
        var texts = family.Towers.Select(t => Text(checkpoint, accounting, family, t, config)).ToList();
        accounting.RequireNothingUnknown();

        var schedulerConfig = Config.Read(config, "scheduler/scheduler_config.json");
        var (prediction, predictionEvidence) =
            PredictionRecognition.Recognize(checkpoint, family, unet, unetPart, hints.Prediction, schedulerConfig);
        var side = family == Family.Sd21 && prediction == PredictionRecognition.Velocity ? Family.SideOfV : family.Side;
        var scheduler = SchedulerChoice.Decide(checkpoint, family, unet, schedulerConfig, prediction, out var schedule);
        var vaeConfig = Config.Read(config, "vae/config.json");
        var settings = SettingsReader.Vae(vaeConfig, family, side);
        var unetConfig = Config.Read(config, "unet/config.json");
        var name = family.Name + FamilyRecognition.Suffix(unet);
        return new RecognizedModel(
            name,
            [
                $"family {name}: {familyEvidence}",
                $"prediction type {prediction}: {predictionEvidence}",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"latent factor {settings.ScalingFactor}: {(vaeConfig.Has("scaling_factor") ? "vae/config.json" : $"the default of {family.Name}")}"),
                .. schedule is null ? Array.Empty<string>() : [schedule],
            ],
            new(unetPart, SettingsReader.Unet(unetConfig, unet, family, 1 << (vae.Decoder.Length - 1), side)),
            new(vaePart, settings),
            texts)
        {
            Base = family,
            UnetStructure = unet,
            VaeStructure = vae,
            Scheduler = scheduler,
            Config = config,
            Tensors = checkpoint.TensorCount,
            Leftovers = accounting.Leftovers,
        };
    }

    private static RecognizedPart<TextSettings> Text(Checkpoint checkpoint, Accounting accounting, Family family, string part, string? config)
    {
        var textConfig = Config.Read(config, $"{part}/config.json");
        var layers = textConfig.Has("num_hidden_layers") ? textConfig.Int("num_hidden_layers", 1) : (int?)null;
        var text = ClipReader.Read(Part(checkpoint, part), projection: part == "text_encoder_2", penultimate: family == Family.Sd21, layers);
        return new(accounting.Match(text, part), SettingsReader.Text(textConfig, text, openAi: family != Family.Sd21 && part == "text_encoder"));
    }

    private static PartTensors Part(Checkpoint checkpoint, string part) =>
        checkpoint.Find(part) ?? throw new ImportException($"'{checkpoint.Path}' has no {part.Replace('_', ' ')}; a model needs one of its own.");
}
