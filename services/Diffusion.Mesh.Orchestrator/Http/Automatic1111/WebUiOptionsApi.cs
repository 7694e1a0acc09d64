using System.Text.Json;
using System.Text.Json.Serialization;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// Options, which there are the whole server's. Here one can be set, the model, and it is the tenant's own; the others stand fast, and are given with a request instead.
/// </summary>
internal sealed class WebUiOptionsApi(WebUiModels models, JobBody body)
{
    private const string Model = "sd_model_checkpoint";

    public async Task GetAsync(ApiCall call) => await ApiJson.WriteAsync(call, await CurrentAsync(call));

    public async Task SetAsync(ApiCall call)
    {
        var current = JsonSerializer.Deserialize<JsonElement>(ApiJson.Bytes(await CurrentAsync(call)));
        var problems = new List<FieldProblem>();
        var model = await body.ReadAsync(call, json => Read(json, current, problems));
        if (problems.Count == 0 && model is not null && !await models.ChooseAsync(call.Caller, model, call.Cancellation))
            problems.Add(new(Model, $"There is no such model; there is {string.Join(", ", models.Of(call.Caller).Select(m => m.Name))}."));
        if (problems.Count > 0)
            throw RichErrors.BadRequest(problems);
        await ApiJson.WriteAsync<object?>(call, null);
    }

    // Some clients send all that they read back.
    private static string? Read(JsonElement json, JsonElement current, List<FieldProblem> problems)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw RichErrors.BadRequest([new("body", "It must be an object.")]);
        string? model = null;
        foreach (var property in json.EnumerateObject())
        {
            var name = MessageReader.NameOf(property);
            if (name == Model)
            {
                model = ScalarReader.Text(property.Value) is { } title ? WebUiModels.NameOf(title) : null;
                if (model is null)
                    problems.Add(new(name, "It must be a text."));
            }
            else if (!current.TryGetProperty(name, out var value))
                problems.Add(new(name, "There is no such option here."));
            else if (!IsSame(value, property.Value))
                problems.Add(new(name, $"It cannot be changed for all requests; give it with each, as override_settings.{name}."));
        }

        return model;
    }

    // A text may be no valid Unicode.
    private static bool IsSame(JsonElement value, JsonElement given) =>
        given.ValueKind == JsonValueKind.String ? ScalarReader.Text(given) == ScalarReader.Text(value) : JsonElement.DeepEquals(value, given);

    private async Task<WebUiOptions> CurrentAsync(ApiCall call) => new(await models.ChosenAsync(call.Caller, call.Cancellation));
}

/// <summary>Options in use.</summary>
/// <param name="SdModelCheckpoint">The model of requests that name none.</param>
internal sealed record WebUiOptions(string SdModelCheckpoint)
{
    [JsonPropertyName("CLIP_stop_at_last_layers")]
    public int ClipStopAtLastLayers => 1;

    public string SdVae => "Automatic";

    public string SamplesFormat => "png";

    public int ShowProgressEveryNSteps => 10;
}
