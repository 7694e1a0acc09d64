using System.Text.Json;

namespace Diffusion.Mesh.Tokenization.Files;

/// <summary>What <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c> say. Either may be missing.</summary>
internal sealed class TokenizerConfiguration
{
    public const string FileName = "tokenizer_config.json";
    public const string MapFileName = "special_tokens_map.json";

    /// <summary>The begin and the end token alone.</summary>
    public const int ShortestWindow = 2;

    /// <summary>A greater model_max_length means "no limit", which transformers writes as 10^30.</summary>
    private const int LongestWindow = 65_536;

    private const string LengthKey = "model_max_length";
    private const string DefaultBegin = "<|startoftext|>";
    private const string DefaultEnd = "<|endoftext|>";

    private readonly string _path;
    private readonly JsonElement _root;
    private readonly string _mapPath;
    private readonly JsonElement _map;

    private TokenizerConfiguration(string folder)
    {
        _path = Path.Combine(folder, FileName);
        _root = TokenizerFile.ReadOptionalObject(_path);
        _mapPath = Path.Combine(folder, MapFileName);
        _map = TokenizerFile.ReadOptionalObject(_mapPath);

        Listed = SpecialTokenReader.ReadList(_path, _root, "added_tokens_decoder");
        Begin = Named("bos_token", DefaultBegin);
        End = Named("eos_token", DefaultEnd);
        Unknown = Named("unk_token", DefaultEnd);
        Pad = Named("pad_token", DefaultEnd);
        WindowLength = ReadLength();
    }

    /// <summary>The added tokens, if they are listed with all their properties; they need not be in the vocabulary.</summary>
    public SpecialToken[]? Listed { get; }

    public SpecialToken Begin { get; }

    public SpecialToken End { get; }

    public SpecialToken Unknown { get; }

    public SpecialToken Pad { get; }

    /// <summary>The window's length, null where none is set.</summary>
    public int? WindowLength { get; }

    public static TokenizerConfiguration Read(string folder) => new(folder);

    public TokenizerFormatException NoWindowLength() =>
        new(_path, $"there is no {LengthKey}, and no window length was given");

    /// <summary>
    /// The map's token goes before the configuration's; but where added tokens are listed, the map is of no account and
    /// the list tells the token's properties.
    /// </summary>
    private SpecialToken Named(string key, string byDefault)
    {
        var mapped = Listed is null ? SpecialTokenReader.ReadNamed(_mapPath, _map, key) : null;
        var token = mapped ?? SpecialTokenReader.ReadNamed(_path, _root, key) ?? new SpecialToken(byDefault, Normalized: false);
        return Listed?.FirstOrDefault(listed => listed.Content == token.Content) ?? token;
    }

    private int? ReadLength()
    {
        if (!_root.TryGetProperty(LengthKey, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        if (value.ValueKind != JsonValueKind.Number || value.GetDouble() < ShortestWindow)
            throw new TokenizerFormatException(_path, $"{LengthKey} is not a number of {ShortestWindow} or more");

        return value.GetDouble() <= LongestWindow ? (int)value.GetDouble() : null;
    }
}
