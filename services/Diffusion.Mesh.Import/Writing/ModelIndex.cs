using System.Text.Json.Nodes;
using Diffusion.Mesh.Import.Recognition;

namespace Diffusion.Mesh.Import.Writing;

/// <summary>The files at the root of a model folder.</summary>
internal static class ModelIndex
{
    /// <summary>Steps and guidance of models that are distilled into a few steps.</summary>
    private const int FewSteps = 4;

    private const double DistilledGuidance = 8.5;

    public static void Write(RecognizedModel model, ImportRequest request, string folder)
    {
        JsonFile.Write(Path.Combine(folder, "model_index.json"), Index(model));
        JsonFile.Write(Path.Combine(folder, "scheduler", "scheduler_config.json"), model.Scheduler.DeepClone().AsObject());
        JsonFile.Write(Path.Combine(folder, "import.json"), Facts(model, request));
        if (model.UnetStructure.GuidanceWidth > 0)
            JsonFile.Write(Path.Combine(folder, "mesh.json"), new JsonObject { ["steps"] = FewSteps, ["guidance_scale"] = DistilledGuidance });
    }

    private static JsonObject Index(RecognizedModel model)
    {
        const string library = "onnxruntime";
        var source = Config.Read(model.Config, "model_index.json");
        var index = new JsonObject
        {
            ["_class_name"] = source.Text("_class_name") ?? (model.Base.IsXl ? "StableDiffusionXLPipeline" : "StableDiffusionPipeline"),
            ["scheduler"] = new JsonArray("diffusers", model.Scheduler["_class_name"]?.DeepClone()),
            ["unet"] = new JsonArray(library, "UNet"),
            ["vae_decoder"] = new JsonArray(library, "VaeDecoder"),
            ["vae_encoder"] = new JsonArray(library, "VaeEncoder"),
            ["force_zeros_for_empty_prompt"] =
                source.Has("force_zeros_for_empty_prompt") ? source.Flag("force_zeros_for_empty_prompt") : model.Base.ZeroEmptyNegative,
        };
        foreach (var text in model.TextEncoders)
        {
            index[text.Weights.Name] = new JsonArray(library, "TextEncoder");
            index[TokenizerFolders.Of(text.Weights.Name)] = new JsonArray("transformers", "CLIPTokenizer");
        }

        return index;
    }

    /// <summary>What was decided and why, for people.</summary>
    private static JsonObject Facts(RecognizedModel model, ImportRequest request) => new()
    {
        ["source"] = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(request.Source))),
        ["family"] = model.Family,
        ["prediction_type"] = model.Scheduler["prediction_type"]?.DeepClone(),
        ["latent_factor"] = model.Vae.Settings.ScalingFactor,
        ["dtype"] = request.Half ? "float16" : "float32",
        ["evidence"] = new JsonArray([.. model.Evidence.Select(e => (JsonNode)e)]),
        ["loras"] = new JsonArray([.. request.Loras.Select(l => (JsonNode)new JsonObject { ["file"] = Path.GetFileName(l.Path), ["weight"] = l.Weight })]),
        ["embeddings"] = new JsonArray([.. request.Embeddings.Select(e => (JsonNode)Path.GetFileName(e))]),
    };
}
