using System.Collections.Concurrent;
using Diffusion.Mesh.Identity;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>
/// The jobs that a tenant began through AUTOMATIC1111's API: known by how their request ids begin, whichever orchestrator they came to. Of those whose client waits here
/// the latest step and preview are known, too.
/// </summary>
internal sealed class WebUiJobs(Generations generations)
{
    /// <summary>How the request ids of these jobs begin.</summary>
    public const string Prefix = "sdapi-";

    // 1000 jobs each are looked at.
    private const int MostPages = 4;
    private const int PageSize = 200;

    private readonly ConcurrentDictionary<string, WebUiPictures> _here = new(StringComparer.Ordinal);

    /// <summary>Knows of a job until the answer is disposed.</summary>
    public IDisposable Attend(string id, WebUiPictures pictures)
    {
        _here[id] = pictures;
        return new Attendance(_here, id);
    }

    /// <summary>What came of a job whose client waits here; null: none does.</summary>
    public WebUiPictures? Here(string id) => _here.GetValueOrDefault(id);

    /// <summary>The tenant's jobs that have not ended: those that run, then those that wait, each the earliest first.</summary>
    public async Task<IReadOnlyList<V1.Job>> ActiveAsync(Caller caller, CancellationToken cancellation) =>
        [.. await OfStateAsync(caller, JobState.Running, cancellation), .. await OfStateAsync(caller, JobState.Queued, cancellation)];

    /// <summary>Ends jobs; those that have ended meanwhile are none the worse.</summary>
    public async Task CancelAsync(Caller caller, IEnumerable<string> ids, CancellationToken cancellation)
    {
        foreach (var id in ids)
            await generations.TryCancelAsync(caller.Tenant, id, cancellation);
    }

    private async Task<IEnumerable<V1.Job>> OfStateAsync(Caller caller, JobState state, CancellationToken cancellation)
    {
        var found = new List<V1.Job>();
        var request = new ListJobsRequest { State = state, PageSize = PageSize };
        for (var page = 0; page < MostPages; page++)
        {
            var answer = await generations.ListAsync(caller, request, cancellation);
            found.AddRange(answer.Jobs.Where(job => job.RequestId.StartsWith(Prefix, StringComparison.Ordinal)));
            request.PageToken = answer.NextPageToken;
            if (request.PageToken.Length == 0)
                break;
        }

        return Enumerable.Reverse(found);
    }

    private sealed class Attendance(ConcurrentDictionary<string, WebUiPictures> here, string id) : IDisposable
    {
        public void Dispose() => here.TryRemove(id, out _);
    }
}
