using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>JSON answers.</summary>
internal static class ApiJson
{
    private const string MediaType = "application/json";

    private static readonly JsonSerializerOptions Options = new()
    {
        // It stands in no page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new MessageConverter(), new SecondsConverter() },
    };

    /// <summary>What describes the JSON of a type.</summary>
    public static JsonNode Schema(Type type, JsonSchemaExporterOptions how)
    {
        Options.MakeReadOnly(populateMissingResolver: true);
        return Options.GetJsonSchemaAsNode(type, how);
    }

    public static byte[] Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    public static Task WriteAsync<T>(ApiCall call, T value, int status = StatusCodes.Status200OK)
    {
        call.Response.StatusCode = status;
        return WriteAsync(call.Response, value, MediaType, call.Cancellation);
    }

    public static async Task WriteAsync<T>(HttpResponse response, T value, string mediaType, CancellationToken cancellation)
    {
        var bytes = Bytes(value);
        response.ContentType = mediaType;
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, cancellation);
    }

    // Messages of the contracts, wherever they stand.
    private sealed class MessageConverter : JsonConverter<IMessage>
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsAssignableTo(typeof(IMessage));

        public override IMessage Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, IMessage value, JsonSerializerOptions options) => MessageWriter.Write(writer, value);
    }

    // Seconds, as in messages.
    private sealed class SecondsConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteNumberValue(value.TotalSeconds);
    }
}
