using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.TextEncoder;

/// <summary>Parses an encode request against the model's towers, and reports everything wrong at once.</summary>
internal static class EncodeTextParser
{
    /// <summary>UTF-16 code units of one text.</summary>
    public const int MaxTextLength = 10_000;

    private const int MaxTexts = 64;

    // As many as there are texts at most: long texts cost no more time and memory than many short ones.
    private const int MaxWindows = MaxTexts;

    /// <summary>Windows of one request at most, over both towers.</summary>
    public const int MaxPasses = 2 * MaxWindows;

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT with every wrong field.</exception>
    public static IReadOnlyList<ValidText> Parse(EncodeTextRequest request, EncoderParts parts)
    {
        var options = request.Options ?? new TextOptions();
        var problems = new List<FieldProblem>();
        var hidden = Choose(options.HasClipSkip ? options.ClipSkip : null, parts, problems);
        if (!Enum.IsDefined(options.LongPrompt))
            problems.Add(new("options.long_prompt", "It must be TRUNCATE or CHUNK."));

        ValidText[] texts = [];
        if (TextsProblem(request) is { } problem)
        {
            problems.Add(new("texts", problem));
        }
        else
        {
            texts = [.. request.Texts.Select(t => Read(t, options, parts, hidden))];
            var windows = texts.Sum(t => t.Towers[0].Tokens.Windows.Count);
            if (windows > MaxWindows)
                problems.Add(new("texts", $"They fill {windows} windows of tokens; one request may have {MaxWindows}."));
        }

        return problems.Count == 0 ? texts : throw RichErrors.BadRequest(problems);
    }

    private static string? TextsProblem(EncodeTextRequest request)
    {
        if (request.Texts.Count is 0 or > MaxTexts)
            return $"There must be 1 to {MaxTexts} texts, and there are {request.Texts.Count}.";
        return request.Texts.Any(t => t.Length > MaxTextLength) ? $"A text must have at most {MaxTextLength} characters." : null;
    }

    private static HiddenChoice[] Choose(int? clipSkip, EncoderParts parts, List<FieldProblem> problems)
    {
        var choices = parts.Towers.Select(t => (Hidden: t.Choose(clipSkip, out var problem), Problem: problem)).ToArray();
        if (choices.FirstOrDefault(c => c.Problem is not null).Problem is { } first)
            problems.Add(new("options.clip_skip", first));
        return [.. choices.Select(c => c.Hidden ?? HiddenChoice.Output)];
    }

    private static ValidText Read(string text, TextOptions options, EncoderParts parts, HiddenChoice[] hidden)
    {
        var pieces = options.AttentionWeights ? AttentionParser.Parse(text) : [new WeightedText(text, 1)];
        var tokens = parts.Towers.Select(t => PromptTokens.Read(t.Tokenizer, pieces, options.LongPrompt == LongPrompt.Chunk)).ToArray();
        var windows = tokens.Max(t => t.Windows.Count);
        return new ValidText([.. parts.Towers.Select((tower, i) => new TowerText(tower, tokens[i].PadTo(windows, tower.Tokenizer), hidden[i]))]);
    }
}
