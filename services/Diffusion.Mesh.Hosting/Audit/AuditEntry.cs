using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Diffusion.Mesh.Hosting;

/// <summary>
/// A line of the audit log. Nothing in it is a client's own words: no prompt, no picture, no request id, no path; a model stands in it only where it is one of this server's.
/// </summary>
/// <param name="Time">When.</param>
/// <param name="Event">submitted, ended, cancelled, refused, or lost.</param>
public sealed record AuditEntry(DateTimeOffset Time, string Event)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        // A line stands in no page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>grpc or http; null where it was no call.</summary>
    public string? Door { get; init; }

    /// <summary>The method, as the server knows it.</summary>
    public string? Method { get; init; }

    /// <summary>Where the call came from.</summary>
    public string? Peer { get; init; }

    /// <summary>Id of the caller's key; never the key.</summary>
    public string? Key { get; init; }

    /// <summary>Whom the caller works for, or whose job it is.</summary>
    public string? Tenant { get; init; }

    /// <summary>The job's id.</summary>
    public string? Job { get; init; }

    /// <summary>The job's tenant, where an operator of another one does something to it.</summary>
    public string? JobTenant { get; init; }

    /// <summary>The model's name.</summary>
    public string? Model { get; init; }

    /// <summary>Pixels; 0: the source's own.</summary>
    public int? Width { get; init; }

    /// <summary>Pixels; 0: the source's own.</summary>
    public int? Height { get; init; }

    /// <summary>Pictures that are made, candidates among them.</summary>
    public int? Pictures { get; init; }

    /// <summary>Sampler steps.</summary>
    public int? Steps { get; init; }

    /// <summary>Size of the request.</summary>
    public long? Bytes { get; init; }

    /// <summary>Sampler steps x pixels x pictures.</summary>
    public double? Cost { get; init; }

    /// <summary>done, failed or cancelled.</summary>
    public string? Outcome { get; init; }

    /// <summary>gRPC's name of the status, where it is not OK.</summary>
    public string? Status { get; init; }

    /// <summary>From the job's acceptance to its end.</summary>
    public double? Seconds { get; init; }

    /// <summary>Entries that there was no room for.</summary>
    public long? Count { get; init; }

    /// <summary>True: further refusals of this caller within the minute are not written.</summary>
    public bool? Last { get; init; }

    /// <summary>As a line, without its end.</summary>
    public byte[] Line() => JsonSerializer.SerializeToUtf8Bytes(this, Json);
}
