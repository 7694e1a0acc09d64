using Diffusion.Mesh.Import.Layouts;
using Diffusion.Mesh.Import.Recognition;

namespace Diffusion.Mesh.Import.Adapters;

/// <summary>A module of a model: its weight is <c>Module + ".weight"</c>.</summary>
internal sealed record ModuleName(string Part, string Module);

/// <summary>
/// Finds the module that an adapter means. Some trainers write every dot as an underscore, which cannot be taken back: so the model's own names,
/// in both layouts, are written that way too and looked up.
/// </summary>
internal sealed class ModuleNames
{
    private const string Weight = ".weight";
    private const string TextModel = "text_model.";
    private const string Processor = "_processor_to_";

    private static readonly (string Prefix, string Part)[] Prefixes =
    [
        ("lora_unet_", "unet"),
        ("lycoris_unet_", "unet"),
        ("base_model_model_unet_", "unet"),
        ("base_model_model_", "unet"),
        ("model_diffusion_model_", "unet"),
        ("diffusion_model_", "unet"),
        ("unet_", "unet"),
        ("lora_te2_", "text_encoder_2"),
        ("lora_te1_", "text_encoder"),
        ("lora_te_", "text_encoder"),
        ("lycoris_text_encoder_2_", "text_encoder_2"),
        ("lycoris_text_encoder_", "text_encoder"),
        ("base_model_model_text_encoder_2_", "text_encoder_2"),
        ("base_model_model_text_encoder_", "text_encoder"),
        ("text_encoder_2_", "text_encoder_2"),
        ("text_encoder_", "text_encoder"),
        ("lycoris_", "unet"),
        ("lora_", "unet"),
        ("", "unet"),
    ];

    private readonly Dictionary<(string Part, string Flat), string> _modules = [];

    public ModuleNames(RecognizedModel model)
    {
        foreach (var weight in UnetWeights.Of(model.UnetStructure))
            Add("unet", weight.Name, weight.Spellings.Select(s => s.Stored));
        foreach (var text in model.TextEncoders)
        {
            foreach (var name in text.Weights.Tensors.Keys)
                Add(text.Weights.Name, name, [name, name.StartsWith(TextModel, StringComparison.Ordinal) ? name[TextModel.Length..] : name]);
        }
    }

    /// <summary>The module, or null where the model has none of this name.</summary>
    public ModuleName? Find(string module)
    {
        var flat = Flat(module);
        // diffusers' oldest form names the attention's processor, and the layer without its place in a list.
        var processor = flat.LastIndexOf(Processor, StringComparison.Ordinal);
        if (processor >= 0)
            flat = flat.Remove(processor, Processor.Length).Insert(processor, "_to_") + (flat.EndsWith("_out", StringComparison.Ordinal) ? "_0" : "");
        foreach (var (prefix, part) in Prefixes)
        {
            if (flat.StartsWith(prefix, StringComparison.Ordinal) && _modules.TryGetValue((part, flat[prefix.Length..]), out var name))
                return new ModuleName(part, name);
        }

        return null;
    }

    private void Add(string part, string name, IEnumerable<string> spellings)
    {
        if (!name.EndsWith(Weight, StringComparison.Ordinal))
            return;
        foreach (var spelling in spellings)
            _modules[(part, Flat(spelling[..^Weight.Length]))] = name[..^Weight.Length];
    }

    private static string Flat(string name) => name.Replace('.', '_');
}
