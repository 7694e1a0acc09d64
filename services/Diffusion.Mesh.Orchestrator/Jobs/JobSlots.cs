using Diffusion.Mesh.State;
using Diffusion.Mesh.V1;
using Google.Protobuf;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The kinds of a job's news as the store has them: of each only the latest is kept.</summary>
internal static class JobSlots
{
    /// <summary>Details of the error that the job ended with, a <c>google.rpc.Status</c>; the other slots hold a <see cref="GenerateEvent"/>.</summary>
    public const string Error = "error";

    /// <summary>An event for the store.</summary>
    public static JobEvent Event(string jobId, long sequence, GenerateEvent news)
    {
        (news.JobId, news.Sequence) = (jobId, (ulong)sequence);
        return new JobEvent(Slot(news), sequence, news.ToByteArray());
    }

    private static string Slot(GenerateEvent news) => news.EventCase switch
    {
        GenerateEvent.EventOneofCase.Queued => "queued",
        GenerateEvent.EventOneofCase.Step => "step",
        GenerateEvent.EventOneofCase.Preview => $"preview:{news.Preview.Index}",
        GenerateEvent.EventOneofCase.Image => $"image:{news.Image.Index}",
        _ => "done",
    };
}
