using System.Text.Json;
using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Tokenization;

namespace Diffusion.Mesh.TextEncoder;

/// <summary>What a model has for reading text and pictures.</summary>
internal sealed class EncoderParts : IDisposable
{
    private const string Preprocessor = "feature_extractor/preprocessor_config.json";

    private EncoderParts(ClipTokenizer tokenizer, TextEncoderModel text, ImageEncoderModel? image, FeatureExtractor? extractor) =>
        (Tokenizer, Text, Image, Extractor) = (tokenizer, text, image, extractor);

    public ClipTokenizer Tokenizer { get; }

    public TextEncoderModel Text { get; }

    /// <summary>Null where the model has no image encoder.</summary>
    public ImageEncoderModel? Image { get; }

    /// <summary>Null where the model has no image encoder.</summary>
    public FeatureExtractor? Extractor { get; }

    /// <exception cref="ModelFormatException">A part is missing or broken.</exception>
    public static EncoderParts Load(ModelFacts model, ExecutionOptions execution)
    {
        var tokenizer = LoadTokenizer(model);
        var extractor = model.HasImageEncoder ? LoadExtractor(model) : null;
        var text = TextEncoderModel.Load(model, execution);
        try
        {
            return new EncoderParts(tokenizer, text, model.HasImageEncoder ? ImageEncoderModel.Load(model, execution) : null, extractor);
        }
        catch
        {
            text.Dispose();
            throw;
        }
    }

    /// <summary>Runs the text tower once.</summary>
    public void Warm() => Text.Encode([Tokenizer.Encode("").Ids]);

    public void Dispose()
    {
        Text.Dispose();
        Image?.Dispose();
    }

    private static ClipTokenizer LoadTokenizer(ModelFacts model)
    {
        try
        {
            return ClipTokenizer.Load(Path.Combine(model.Folder, "tokenizer"), model.TextWindow);
        }
        catch (TokenizerFormatException e)
        {
            throw new ModelFormatException(model.Name, "tokenizer", $"is broken: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static FeatureExtractor LoadExtractor(ModelFacts model)
    {
        var path = Path.Combine(model.Folder, Preprocessor);
        if (!File.Exists(path))
            throw new ModelFormatException(model.Name, Preprocessor, "is missing");
        try
        {
            return FeatureExtractor.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException e)
        {
            throw new ModelFormatException(model.Name, Preprocessor, $"is broken: {e.Message.TrimEnd('.')}", e);
        }
    }
}
