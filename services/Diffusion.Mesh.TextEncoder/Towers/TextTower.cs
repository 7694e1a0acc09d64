using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Tokenization;

namespace Diffusion.Mesh.TextEncoder;

/// <summary>One text encoder of a model, with its tokenizer.</summary>
internal sealed class TextTower : IDisposable
{
    // Half precision leaves a miss of about 1e-3 where the fit is right, and a wrong one misses by the order of the values themselves.
    private const double LargestFitError = 1e-2;

    private readonly bool _isPenultimate;
    private readonly FinalLayerNorm? _norm;

    private TextTower(ClipTokenizer tokenizer, TextEncoderModel model, bool isPenultimate, FinalLayerNorm? norm) =>
        (Tokenizer, Model, _isPenultimate, _norm) = (tokenizer, model, isPenultimate, norm);

    public ClipTokenizer Tokenizer { get; }

    public TextEncoderModel Model { get; }

    /// <summary>Loads a tower and runs it where the fit of its final layer norm needs it.</summary>
    /// <param name="isPenultimate">The hidden state before the last serves as conditioning (SDXL), not the tower's own output.</param>
    /// <exception cref="ModelFormatException">A part is missing or broken.</exception>
    public static TextTower Load(ModelFacts model, TextTowerFacts facts, bool isPenultimate, ExecutionOptions execution)
    {
        var tokenizer = LoadTokenizer(model, facts);
        var encoder = TextEncoderModel.Load(model, facts.Part, execution);
        try
        {
            Check(model, facts, tokenizer, encoder, isPenultimate);
            return new TextTower(tokenizer, encoder, isPenultimate, isPenultimate ? null : FitNorm(tokenizer, encoder, facts));
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <summary>The hidden state for a request, counted as diffusers counts it.</summary>
    /// <param name="clipSkip">Layers to leave out, 1 or more; null: none.</param>
    /// <param name="problem">Why there is none, as a sentence; null when there is one.</param>
    public HiddenChoice? Choose(int? clipSkip, out string? problem)
    {
        // SDXL stands one layer before the end already, and takes its states as they are.
        var fromEnd = _isPenultimate ? 2 : 1;
        var most = Model.HiddenStates - fromEnd;
        problem = clipSkip switch
        {
            null => null,
            < 1 => $"It must be at least 1, and is {clipSkip}.",
            _ when Model.HiddenStates == 0 => "The model's text encoder gives no hidden states.",
            { } skip when skip > most => $"The model's text encoder allows at most {most}, and it is {skip}.",
            _ when !_isPenultimate && _norm is null =>
                "The model's text encoder gives hidden states that are not those before its final layer norm.",
            _ => null,
        };
        if (problem is not null)
            return null;
        return clipSkip is null && !_isPenultimate ? HiddenChoice.Output : new HiddenChoice(most - (clipSkip ?? 0), _norm);
    }

    /// <summary>Runs the tower once.</summary>
    public void Warm() => Model.Encode([Tokenizer.Encode("").Ids]);

    public void Dispose() => Model.Dispose();

    private static void Check(ModelFacts model, TextTowerFacts facts, ClipTokenizer tokenizer, TextEncoderModel encoder, bool isPenultimate)
    {
        var window = tokenizer.WindowLength;
        if (window > facts.Window || !encoder.Accepts(window))
        {
            throw new ModelFormatException(
                model.Name, facts.Tokenizer, $"fills windows of {window} tokens, and {facts.Part} takes {facts.Window} or has another length fixed");
        }

        if (isPenultimate && encoder.HiddenStates < 2)
            throw new ModelFormatException(model.Name, $"{facts.Part}/{ModelFolder.Graph}", "gives no hidden states, and this kind of model needs them");
    }

    private static FinalLayerNorm? FitNorm(ClipTokenizer tokenizer, TextEncoderModel encoder, TextTowerFacts facts)
    {
        if (encoder.HiddenStates == 0)
            return null;
        // Tokens from all over the vocabulary, so that every channel moves.
        var room = tokenizer.WindowLength - 2;
        var varied = Enumerable.Range(0, room).Select(i => (int)((long)i * tokenizer.VocabularySize / room)).ToArray();
        var norm = encoder.FitFinalLayerNorm(tokenizer.Window(varied).Ids, facts.LayerNormEpsilon, out var error);
        return error <= LargestFitError ? norm : null;
    }

    private static ClipTokenizer LoadTokenizer(ModelFacts model, TextTowerFacts facts)
    {
        try
        {
            return ClipTokenizer.Load(Path.Combine(model.Folder, facts.Tokenizer), facts.Window);
        }
        catch (TokenizerFormatException e)
        {
            throw new ModelFormatException(model.Name, facts.Tokenizer, $"is broken: {e.Message.TrimEnd('.')}", e);
        }
    }
}
