using System.Text.Json.Serialization;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Finished pictures; <see cref="ImageAnswer"/> writes them one by one.</summary>
/// <param name="Created">Seconds since 1970.</param>
/// <param name="Seed">Beyond OpenAI's: by it the same pictures can be made again.</param>
/// <param name="Warnings">Likewise: text left out, timesteps rounded. Null: none.</param>
internal sealed record OpenAiImages(
    long Created, OpenAiImage[] Data, string Background, string OutputFormat, string Size, OpenAiUsage Usage, ulong Seed, string[]? Warnings);

/// <param name="B64Json">The file; null where its address was asked for.</param>
/// <param name="Url">A signed address; null where the file was asked for.</param>
internal sealed record OpenAiImage(byte[]? B64Json, string? Url);

/// <summary>Tokens, as far as this server counts them: those of the prompt.</summary>
internal sealed record OpenAiUsage(uint InputTokens, OpenAiUsageDetails InputTokensDetails, uint OutputTokens, uint TotalTokens)
{
    public static OpenAiUsage Of(uint promptTokens) => new(promptTokens, new OpenAiUsageDetails(promptTokens, 0), 0, promptTokens);
}

/// <param name="TextTokens">Of the prompt.</param>
/// <param name="ImageTokens">Not counted.</param>
internal sealed record OpenAiUsageDetails(uint TextTokens, uint ImageTokens);

/// <summary>A picture of a stream.</summary>
/// <param name="Type">For example <c>image_generation.partial_image</c>.</param>
/// <param name="PartialImageIndex">From 0; null where the picture is finished.</param>
/// <param name="Size">As <c>128x128</c>, or <c>auto</c> where it is known only in the end.</param>
/// <param name="OutputFormat">Of these bytes.</param>
/// <param name="Usage">Null where the picture is not finished.</param>
internal sealed record OpenAiImageEvent(
    string Type,
    ReadOnlyMemory<byte> B64Json,
    int? PartialImageIndex,
    long CreatedAt,
    string Size,
    string OutputFormat,
    OpenAiUsage? Usage)
{
    public string Quality => "auto";

    public string Background => "opaque";
}

/// <param name="Created">0: nobody knows when a model was made, and OpenAI's clients want a number.</param>
internal sealed record OpenAiModel(string Id, string Object, long Created, string OwnedBy)
{
    public static OpenAiModel Of(string name) => new(name, "model", 0, "diffusion-mesh");
}

internal sealed record OpenAiModels(string Object, OpenAiModel[] Data);

/// <param name="Error">What is wrong.</param>
/// <param name="Type">Only in streams: <c>error</c>.</param>
internal sealed record OpenAiErrorAnswer(OpenAiError Error, string? Type = null);

/// <summary>An error.</summary>
/// <param name="Message">All that is wrong, in words.</param>
/// <param name="Type">The kind, for example <c>invalid_request_error</c>.</param>
/// <param name="Param">The first wrong field; null where it is not about fields.</param>
/// <param name="Code">For programs.</param>
internal sealed record OpenAiError(
    string Message, string Type, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Param, string Code);
