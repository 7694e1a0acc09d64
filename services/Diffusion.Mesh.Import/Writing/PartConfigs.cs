using System.Text.Json.Nodes;
using Diffusion.Mesh.Import.Layouts;
using Diffusion.Mesh.Import.Recognition;

namespace Diffusion.Mesh.Import.Writing;

/// <summary>The configuration of each part: the model's own where it has one, with what the weights say.</summary>
internal static class PartConfigs
{
    public static JsonObject Unet(RecognizedModel model)
    {
        var (unet, settings) = (model.UnetStructure, model.Unet.Settings);
        var json = Base(model, "unet", "UNet2DConditionModel");
        json["in_channels"] = unet.InChannels;
        json["out_channels"] = unet.OutChannels;
        json["sample_size"] = settings.SampleSize;
        // These graphs take any size.
        json["latent_multiple"] = 1;
        json["block_out_channels"] = Numbers(unet.Levels.Select(l => l.Channels));
        json["attention_head_dim"] = Numbers(settings.Heads.Select(h => (long)h));
        json["cross_attention_dim"] = unet.ContextWidth;
        json["use_linear_projection"] = unet.LinearProjections;
        json["norm_num_groups"] = settings.NormGroups;
        json["norm_eps"] = settings.NormEpsilon;
        json["time_cond_proj_dim"] = OrNull(unet.GuidanceWidth);
        json["addition_embed_type"] = unet.AddedWidth > 0 ? "text_time" : null;
        json["addition_time_embed_dim"] = OrNull(settings.AddedTimeWidth);
        json["projection_class_embeddings_input_dim"] = OrNull(unet.AddedWidth);
        return json;
    }

    public static JsonObject Vae(RecognizedModel model)
    {
        var (vae, settings) = (model.VaeStructure, model.Vae.Settings);
        var json = Base(model, "vae", "AutoencoderKL");
        json["in_channels"] = vae.ImageChannels;
        json["out_channels"] = vae.ImageChannels;
        json["latent_channels"] = vae.LatentChannels;
        json["sample_size"] = settings.SampleSize;
        json["block_out_channels"] = Numbers(vae.Encoder.Select(l => l.Channels));
        json["norm_num_groups"] = settings.NormGroups;
        json["scaling_factor"] = settings.ScalingFactor;
        json["shift_factor"] = settings.ShiftFactor;
        return json;
    }

    public static JsonObject Text(RecognizedModel model, RecognizedPart<TextSettings> text)
    {
        var (weights, settings) = (text.Weights, text.Settings);
        var tokens = weights.ShapeOf("text_model.embeddings.token_embedding.weight");
        var projection = weights.Has("text_projection.weight");
        var json = Base(model, weights.Name, null);
        json["architectures"] = new JsonArray(projection ? "CLIPTextModelWithProjection" : "CLIPTextModel");
        json["model_type"] = "clip_text_model";
        json["vocab_size"] = tokens[0];
        json["hidden_size"] = tokens[1];
        json["max_position_embeddings"] = weights.ShapeOf("text_model.embeddings.position_embedding.weight")[0];
        json["num_hidden_layers"] = new NameTree(weights.Tensors.Keys).Count("text_model.encoder.layers");
        json["num_attention_heads"] = settings.Heads;
        json["intermediate_size"] = weights.ShapeOf("text_model.encoder.layers.0.mlp.fc1.weight")[0];
        json["hidden_act"] = settings.Activation == ClipActivation.QuickGelu ? "quick_gelu" : "gelu";
        json["layer_norm_eps"] = settings.LayerNormEpsilon;
        json["eos_token_id"] = settings.EndToken;
        if (projection)
            json["projection_dim"] = weights.ShapeOf("text_projection.weight")[0];
        return json;
    }

    private static JsonObject Base(RecognizedModel model, string part, string? className)
    {
        var json = Config.Read(model.Config, $"{part}/config.json").Json?.DeepClone().AsObject() ?? [];
        if (className is not null)
            json["_class_name"] = className;
        return json;
    }

    private static JsonArray Numbers(IEnumerable<long> numbers) => [.. numbers.Select(n => (JsonNode)n)];

    private static JsonNode? OrNull(long number) => number > 0 ? number : null;
}
