using System.Text.Json;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Reads a request's JSON: a GenerateRequest, and with it <c>timeout_seconds</c>, which gRPC has as the call's deadline.</summary>
internal sealed class JobBody(RequestParser parser, LargeBodies bodies, TimeProvider time)
{
    // Pictures of 48 MiB together, in base64.
    private const long Largest = 64 << 20;
    private const string TimeoutField = "timeout_seconds";
    private const double LongestTimeout = 86_400;

    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 16 };

    /// <summary>The request, and when its client stops waiting.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT with every wrong field.</exception>
    public Task<(GenerateRequest Request, DateTimeOffset Deadline)> ReadAsync(ApiCall call) => ReadAsync(call, Read);

    /// <summary>What <paramref name="read"/> makes of a body in JSON, which may hold pictures. The element lives no longer than that.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: it is no JSON; or what was thrown on reading.</exception>
    public Task<T> ReadAsync<T>(ApiCall call, Func<JsonElement, T> read) => bodies.ReadAsync(call, Largest, async cancellation =>
    {
        using var document = await ParseAsync(call.Request.Body, cancellation);
        return read(document.RootElement);
    });

    /// <summary>Reads JSON.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: it is none.</exception>
    public static async Task<JsonDocument> ParseAsync(Stream body, CancellationToken cancellation)
    {
        try
        {
            return await JsonDocument.ParseAsync(body, Json, cancellation);
        }
        catch (JsonException e)
        {
            // Not its message, which may quote the prompt.
            throw RichErrors.BadRequest([new("body", $"It is no JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.")]);
        }
    }

    private (GenerateRequest Request, DateTimeOffset Deadline) Read(JsonElement json)
    {
        var reader = new MessageReader();
        var request = new GenerateRequest();
        var deadline = DateTimeOffset.MaxValue;
        var problems = new List<FieldProblem>();
        reader.Read(json, request);
        problems.AddRange(reader.Problems.Where(p => p.Field != TimeoutField));
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty(TimeoutField, out var timeout) && timeout.ValueKind != JsonValueKind.Null)
        {
            if (timeout.ValueKind == JsonValueKind.Number && timeout.TryGetDouble(out var seconds) && seconds is > 0 and <= LongestTimeout)
                deadline = time.GetUtcNow() + TimeSpan.FromSeconds(seconds);
            else
                problems.Add(new(TimeoutField, $"It must be a number above 0, and at most {LongestTimeout}."));
        }

        return problems.Count == 0 ? (request, deadline) : throw RichErrors.BadRequest([.. problems, .. Others(request, problems)]);
    }

    // What else is wrong, so that it is told at once; not of fields that could not be read.
    private IEnumerable<FieldProblem> Others(GenerateRequest request, IReadOnlyList<FieldProblem> known)
    {
        try
        {
            parser.Parse(request);
            return [];
        }
        catch (RpcException e)
        {
            return RichErrors.Problems(e).Where(p => known.All(k => k.Field != p.Field && !k.Field.StartsWith($"{p.Field}.", StringComparison.Ordinal)));
        }
    }
}
