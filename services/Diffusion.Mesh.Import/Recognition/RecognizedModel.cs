using System.Text.Json.Nodes;
using Diffusion.Mesh.Import.Layouts;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Recognition;

/// <summary>A checkpoint that is understood: every tensor has its place, and what tensors do not tell is decided.</summary>
/// <param name="Family">For example <c>sd15</c>, <c>sdxl-base</c>, <c>sd15-inpainting</c>.</param>
/// <param name="Evidence">What was recognised and by what evidence, one line each, for the user.</param>
/// <param name="TextEncoders">One, or two for SDXL, in order. Their parts are named <c>text_encoder</c> and <c>text_encoder_2</c>.</param>
internal sealed record RecognizedModel(
    string Family,
    IReadOnlyList<string> Evidence,
    RecognizedPart<UnetSettings> Unet,
    RecognizedPart<VaeSettings> Vae,
    IReadOnlyList<RecognizedPart<TextSettings>> TextEncoders)
{
    /// <summary>The family without what its channels make of it.</summary>
    public required Family Base { get; init; }

    public required UnetStructure UnetStructure { get; init; }

    public required VaeStructure VaeStructure { get; init; }

    /// <summary>The scheduler's configuration, complete.</summary>
    public required JsonObject Scheduler { get; init; }

    /// <summary>The folder with the model's configurations; null where there is none.</summary>
    public required string? Config { get; init; }

    /// <summary>Tensors that the checkpoint has.</summary>
    public required int Tensors { get; init; }

    /// <summary>Those among them that no network uses.</summary>
    public required int Leftovers { get; init; }

    /// <summary>The weights of all networks.</summary>
    public IEnumerable<CheckpointPart> Parts => [.. TextEncoders.Select(t => t.Weights), Unet.Weights, Vae.Weights];

    /// <summary>The same model with other weights.</summary>
    /// <param name="evidence">What is to be told of them.</param>
    /// <param name="change">The new weights of a part.</param>
    public RecognizedModel With(IEnumerable<string> evidence, Func<CheckpointPart, CheckpointPart> change) => this with
    {
        Evidence = [.. Evidence, .. evidence],
        Unet = Unet with { Weights = change(Unet.Weights) },
        Vae = Vae with { Weights = change(Vae.Weights) },
        TextEncoders = [.. TextEncoders.Select(t => t with { Weights = change(t.Weights) })],
    };
}

/// <summary>One network of a model: its weights, and what they do not tell.</summary>
internal sealed record RecognizedPart<TSettings>(CheckpointPart Weights, TSettings Settings);
