using Diffusion.Mesh.Import.Layouts;

namespace Diffusion.Mesh.Import.Checkpoints;

/// <summary>Tells by their names what tensors are that are no model of Stable Diffusion.</summary>
internal static class OtherKinds
{
    private static readonly (Func<string, bool> Sign, string Kind)[] Signs =
    [
        (In("lora_controlnet"), "is a control-LoRA, which is not supported"),
        (Ends(".lora_down.weight", ".lora_A.weight", ".lora.down.weight", ".lora_A.default.weight", "_lora.down.weight", ".lora_linear_layer.down.weight"),
            "is a LoRA, not a model: import the model that it was made for and give this file with --lora"),
        (Ends(".hada_w1_a", ".lokr_w1", ".lokr_w1_a", ".diff"),
            "is a LoRA (LyCORIS), not a model: import the model that it was made for and give this file with --lora"),
        (n => n is "emb_params" or "clip_l" or "clip_g", "is a textual inversion, not a model: import a model and give this file with --embedding"),
        (In("joint_blocks"), "is a model of Stable Diffusion 3, which is not supported"),
        (In("double_blocks"), "is a model of Flux or its kin, which is not supported"),
        (In("time_mixer", "motion_modules"), "is a video model, which is not supported"),
        (In("input_hint_block", "controlnet_cond_embedding", "controlnet_down_blocks", "control_model"), "is a ControlNet, which is not supported"),
        (In("image_proj", "ip_adapter"), "is an IP-Adapter, which is not supported"),
        (In("adaln_single", "cap_embedder", "x_embedder", "patch_embedding"), "is a diffusion transformer, which is not supported"),
        (n => n.StartsWith("decoder.mid", StringComparison.Ordinal), "is a VAE alone, not a model"),
        (n => n.StartsWith("adapter.", StringComparison.Ordinal) || n.StartsWith("body.", StringComparison.Ordinal),
            "is a T2I-Adapter, which is not supported"),
        (n => n is "conv_in.weight" or "input_blocks.0.0.weight", "is a UNet alone, without VAE and text encoder"),
    ];

    private static readonly (string Layer, string Kind)[] Unsupported =
    [
        ("time_mixer", "is a video model, which is not supported"),
        ("joint_blocks", "is a model of Stable Diffusion 3, which is not supported"),
        ("double_blocks", "is a model of Flux or its kin, which is not supported"),
        ("comfy_quant", "has weights quantized to whole numbers, which are not supported; get it as float16"),
        ("cc_projection", "is a Zero123 model, which is not supported"),
    ];

    /// <summary>What a file without a UNet of Stable Diffusion is, as the end of a sentence.</summary>
    public static string Describe(NameTree names) =>
        Signs.FirstOrDefault(s => names.Names.Any(s.Sign)).Kind ?? "is no model of Stable Diffusion: it has no UNet";

    /// <summary>Why a model that has a UNet is not one of ours, as the end of a sentence; null where it may be.</summary>
    public static string? Refuse(IEnumerable<string> names) => names
        .Select(n => Unsupported.FirstOrDefault(u => n.Split('.').Contains(u.Layer)).Kind)
        .FirstOrDefault(kind => kind is not null);

    private static Func<string, bool> In(params string[] layers) => name => name.Split('.').Any(layers.Contains);

    private static Func<string, bool> Ends(params string[] endings) => name => endings.Any(e => name.EndsWith(e, StringComparison.Ordinal));
}
