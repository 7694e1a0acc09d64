using System.Text.Json;
using Diffusion.Mesh.Imaging;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.TextEncoder;

/// <summary>What a model has for reading text and pictures.</summary>
internal sealed class EncoderParts : IDisposable
{
    private const string Preprocessor = "feature_extractor/preprocessor_config.json";

    private readonly List<TextTower> _towers = [];

    private EncoderParts(ModelFacts model) => GivesPooled = model.Unet.TakesSizes;

    /// <summary>The text encoders in the order in which their embeddings are joined; none for a model that reads no text.</summary>
    public IReadOnlyList<TextTower> Towers => _towers;

    /// <summary>SDXL: the UNet takes the text's pooled embedding too, and hidden states before the last layer.</summary>
    public bool GivesPooled { get; }

    /// <summary>The tower whose pooled embedding is in CLIP's common space of text and pictures; null where there is none.</summary>
    public TextTower? Pooling => _towers.LastOrDefault(t => t.Model.HasPooled);

    /// <summary>Null where the model has no image encoder.</summary>
    public ImageEncoderModel? Image { get; private set; }

    /// <summary>Null where the model has no image encoder.</summary>
    public FeatureExtractor? Extractor { get; private set; }

    /// <exception cref="ModelFormatException">A part is missing or broken.</exception>
    public static EncoderParts Load(ModelFacts model, ExecutionOptions execution)
    {
        var parts = new EncoderParts(model);
        try
        {
            foreach (var tower in model.TextTowers)
                parts._towers.Add(TextTower.Load(model, tower, parts.GivesPooled, execution));
            parts.CheckTowers(model);
            if (model.HasImageEncoder)
            {
                parts.Extractor = LoadExtractor(model);
                parts.Image = ImageEncoderModel.Load(model, execution);
            }

            return parts;
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    /// <summary>Runs each text tower once.</summary>
    public void Warm()
    {
        foreach (var tower in _towers)
            tower.Warm();
    }

    public void Dispose()
    {
        foreach (var tower in _towers)
            tower.Dispose();
        Image?.Dispose();
    }

    private void CheckTowers(ModelFacts model)
    {
        if (_towers.Count == 0)
            return;
        if (_towers.FirstOrDefault(t => t.Tokenizer.WindowLength != _towers[0].Tokenizer.WindowLength) is { } other)
        {
            throw new ModelFormatException(
                model.Name, model.TextTowers[^1].Tokenizer, $"fills windows of {other.Tokenizer.WindowLength} tokens, and the first tokenizer of {_towers[0].Tokenizer.WindowLength}");
        }

        if (GivesPooled && !_towers[^1].Model.HasPooled)
            throw new ModelFormatException(model.Name, $"{model.TextTowers[^1].Part}/{ModelFolder.Graph}", "has no output 'text_embeds', and the UNet takes it");
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
