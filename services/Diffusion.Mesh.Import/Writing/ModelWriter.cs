using Diffusion.Mesh.Import.Adapters;
using Diffusion.Mesh.Import.Graphs;
using Diffusion.Mesh.Import.Onnx;
using Diffusion.Mesh.Import.Recognition;

namespace Diffusion.Mesh.Import.Writing;

/// <summary>Writes a recognised model as a model folder.</summary>
/// <param name="concepts">Learned concepts that prompts can name.</param>
/// <param name="folder">An empty folder.</param>
/// <param name="progress">Gets the bytes that were read, after each piece.</param>
internal sealed class ModelWriter(
    RecognizedModel model, ImportRequest request, IReadOnlyList<Concept> concepts, string folder, Action<long> progress)
{
    private const string ConfigFile = "config.json";

    /// <exception cref="ImportException">A weight has no place, or is not finite.</exception>
    public void Write(CancellationToken cancellation)
    {
        var tokenizers = TokenizerFolders.Find(model, request);
        foreach (var text in model.TextEncoders)
        {
            var (source, own) = tokenizers[text.Weights.Name];
            Write(text, source, own, cancellation);
        }

        JsonFile.Write(Path.Combine(folder, "unet", ConfigFile), PartConfigs.Unet(model));
        Write("unet", UnetGraph.Build(model.Unet.Weights, model.Unet.Settings, Precision), cancellation);

        var vae = PartConfigs.Vae(model);
        JsonFile.Write(Path.Combine(folder, "vae_encoder", ConfigFile), vae);
        JsonFile.Write(Path.Combine(folder, "vae_decoder", ConfigFile), vae);
        Write("vae_encoder", VaeEncoderGraph.Build(model.Vae.Weights, model.Vae.Settings, VaePrecision), cancellation);
        Write("vae_decoder", VaeDecoderGraph.Build(model.Vae.Weights, model.Vae.Settings, VaePrecision), cancellation);
        model.Vae.Weights.RequireAllTaken();
        ModelIndex.Write(model, request, folder);
    }

    private Precision Precision => request.Half ? Precision.Float16 : Precision.Float32;

    /// <summary>Inside SDXL's autoencoder numbers grow beyond what float16 can hold.</summary>
    private Precision VaePrecision => model.Base.IsXl ? Precision.Float32 : Precision;

    private void Write(RecognizedPart<TextSettings> text, string tokenizer, bool own, CancellationToken cancellation)
    {
        var name = text.Weights.Name;
        var target = Path.Combine(folder, TokenizerFolders.Of(name));
        TokenizerFolders.Copy(tokenizer, target, own, text);
        if (concepts.Count > 0)
        {
            var window = (int)text.Weights.ShapeOf("text_model.embeddings.position_embedding.weight")[0];
            var first = AddedTokens.Count(target, window);
            AddedTokens.Write(target, window, first, concepts);
            text = text with { Weights = TokenTable.Extend(text.Weights, first, concepts) };
        }

        JsonFile.Write(Path.Combine(folder, name, ConfigFile), PartConfigs.Text(model, text));
        Write(name, ClipTextGraph.Build(text.Weights, text.Settings, Precision), cancellation);
    }

    private void Write(string part, OnnxModel graph, CancellationToken cancellation) =>
        OnnxFile.Write(graph, Path.Combine(folder, part), request.Link, progress, cancellation);
}
