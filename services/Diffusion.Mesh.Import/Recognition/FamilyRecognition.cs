using Diffusion.Mesh.Import.Checkpoints;
using Diffusion.Mesh.Import.Layouts;

namespace Diffusion.Mesh.Import.Recognition;

/// <summary>Tells the family of a model by its widths, else by its configuration.</summary>
internal static class FamilyRecognition
{
    private const string SizesAndPooledText = "text_time";

    /// <param name="told">The family that the user names; null: to be recognised.</param>
    /// <param name="config">The folder with configurations; null where there is none.</param>
    /// <returns>The family and the evidence for it.</returns>
    /// <exception cref="ImportException">The family is not supported, or cannot be told.</exception>
    public static (Family Family, string Evidence) Recognize(Checkpoint checkpoint, UnetStructure unet, string? told, string? config)
    {
        Refuse(checkpoint, unet);
        if (told is not null)
            return (Family.Named(told), "--family");
        return ByWidths(unet) ?? ByConfig(config) ?? throw new ImportException(
            $"The family of '{checkpoint.Path}' cannot be recognised: its cross attention is {unet.ContextWidth} wide and its added embedding "
            + $"{unet.AddedWidth}; give --family, or --config with a folder of diffusers whose configurations belong to it.");
    }

    /// <summary>What the input's channels and the timestep's embedding make of a family.</summary>
    public static string Suffix(UnetStructure unet) =>
        (unet.InChannels - unet.OutChannels) switch { 5 => "-inpainting", 4 => "-instruct-pix2pix", _ => "" }
        + (unet.GuidanceWidth > 0 ? "-lcm" : "");

    /// <exception cref="ImportException">The names are those of a model that is not supported.</exception>
    public static void RefuseByNames(Checkpoint checkpoint)
    {
        if (OtherKinds.Refuse(checkpoint.Parts["unet"].Names.Names.Concat(checkpoint.Rest.Keys)) is { } problem)
            throw new ImportException($"'{checkpoint.Path}' {problem}.");
    }

    private static void Refuse(Checkpoint checkpoint, UnetStructure unet)
    {
        var names = checkpoint.Parts["unet"].Names;
        var problem = unet.InChannels == 7 && (names.Has("label_emb.weight") || names.Has("class_embedding.weight"))
            ? "is an upscaler, which is not supported"
            : unet.ContextWidth == 1024 && (names.Has("class_embedding") || unet.AddedWidth is 1536 or 2048)
            ? "is an unCLIP model, which is not supported"
            : checkpoint.Rest.Keys.Any(n => n.StartsWith("edm_", StringComparison.Ordinal))
            ? "is trained in the EDM formulation (Playground 2.5, CosXL), which is not supported"
            : null;
        if (problem is not null)
            throw new ImportException($"'{checkpoint.Path}' {problem}.");
        if (unet.InChannels - unet.OutChannels is not (0 or 4 or 5))
            throw new ImportException($"'{checkpoint.Path}' has a UNet from {unet.InChannels} channels to {unet.OutChannels}, which is no known kind.");
    }

    private static (Family, string)? ByWidths(UnetStructure unet)
    {
        Family? family = (unet.ContextWidth, unet.AddedWidth) switch
        {
            (768, 0) => Family.Sd15,
            (1024, 0) => Family.Sd21,
            (2048, 2816) => Family.SdxlBase,
            (1280, 2560) => Family.SdxlRefiner,
            _ => null,
        };
        var added = unet.AddedWidth == 0 ? "no added embedding" : $"an added embedding of {unet.AddedWidth}";
        return family is null ? null : (family, $"cross attention is {unet.ContextWidth} wide, and there is {added}");
    }

    private static (Family, string)? ByConfig(string? config)
    {
        if (Config.Read(config, "unet/config.json") is not { Json: not null } unet)
            return null;
        if (unet.Text("addition_embed_type") == SizesAndPooledText)
        {
            var alone = Config.Read(config, "text_encoder/config.json").Json is null;
            return (alone ? Family.SdxlRefiner : Family.SdxlBase, $"unet/config.json has the addition_embed_type {SizesAndPooledText}");
        }

        var text = Config.Read(config, "text_encoder/config.json");
        return text.Text("hidden_act") switch
        {
            "quick_gelu" => (Family.Sd15, "text_encoder/config.json has OpenAI CLIP's activation"),
            "gelu" => (Family.Sd21, "text_encoder/config.json has OpenCLIP's activation"),
            _ => null,
        };
    }
}
