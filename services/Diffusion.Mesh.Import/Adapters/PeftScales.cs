using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Diffusion.Mesh.Import.Adapters;

/// <summary>The alphas that PEFT keeps beside the factors: in the file's metadata, or in <c>adapter_config.json</c>.</summary>
internal sealed class PeftScales
{
    private const string MetadataKey = "lora_adapter_metadata";
    private const string ConfigFile = "adapter_config.json";
    private const string PeftPrefix = "base_model.model.";

    private static readonly string[] Parts = ["unet", "text_encoder_2", "text_encoder"];

    private readonly JsonObject _config;

    private PeftScales(JsonObject config) => _config = config;

    /// <exception cref="ImportException">The configuration is broken.</exception>
    public static PeftScales? Read(string path, IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.TryGetValue(MetadataKey, out var text))
        {
            try
            {
                return JsonNode.Parse(text) is JsonObject config ? new PeftScales(config) : throw new ImportException(Broken(path));
            }
            catch (JsonException e)
            {
                throw new ImportException(Broken(path), e);
            }
        }

        var beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, ConfigFile);
        return File.Exists(beside) ? new PeftScales(JsonFile.Read(beside)) : null;
    }

    /// <summary>Alpha over the rank (or its root) of a module; null where nothing is said.</summary>
    public double? Of(string module, long rank)
    {
        if (module.StartsWith(PeftPrefix, StringComparison.Ordinal))
            module = module[PeftPrefix.Length..];
        var part = Parts.FirstOrDefault(p => module.StartsWith($"{p}.", StringComparison.Ordinal));
        var inside = part is null ? module : module[(part.Length + 1)..];
        var alpha = Pattern(Field(part, "alpha_pattern") as JsonObject, inside) ?? Number(Field(part, "lora_alpha"));
        var root = Field(part, "use_rslora")?.GetValueKind() == JsonValueKind.True;
        return alpha / (root ? Math.Sqrt(rank) : rank);
    }

    private static double? Pattern(JsonObject? pattern, string module) => pattern?
        .Where(p => Matches(p.Key, module))
        .Select(p => Number(p.Value))
        .FirstOrDefault();

    /// <summary>A pattern is the end of a module's name, or an expression for it.</summary>
    private static bool Matches(string pattern, string module)
    {
        try
        {
            return module == pattern || module.EndsWith($".{pattern}", StringComparison.Ordinal)
                || Regex.IsMatch(module, $"^(.*\\.)?({pattern})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private static double? Number(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number ? node.GetValue<double>() : null;

    private JsonNode? Field(string? part, string field) => (part is null ? null : _config[$"{part}.{field}"]) ?? _config[field];

    private static string Broken(string path) => $"'{path}' has metadata '{MetadataKey}' that are not a JSON object.";
}
