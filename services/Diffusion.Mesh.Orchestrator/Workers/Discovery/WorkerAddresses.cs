using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Diffusion.Mesh.Hosting;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>The workers' addresses behind what an option names.</summary>
internal sealed partial class WorkerAddresses(
    ServiceOptions service, IDnsResolver resolver, RoutingOptions options, TimeProvider time, ILogger<WorkerAddresses> logger)
{
    /// <summary>The addresses at once, and of a name again with each look-up until cancelled.</summary>
    public async IAsyncEnumerable<IReadOnlyList<Uri>> FollowAsync(Uri option, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!ServiceAddress.IsDns(option))
        {
            yield return [option];
            yield break;
        }

        var byName = ServiceAddress.ByName(option, isSecure: service.Tls is not null)!;
        for (var isAnswered = true; ; await Task.Delay(options.LookUpEvery, time, cancellation))
        {
            var found = await LookUpAsync(byName, isAnswered, cancellation);
            isAnswered = found is not null;
            // While nobody answers, those that were known are as good as ever.
            if (found is not null)
                yield return found;
        }
    }

    private async Task<IReadOnlyList<Uri>?> LookUpAsync(Uri byName, bool isNews, CancellationToken cancellation)
    {
        try
        {
            var addresses = await resolver.ResolveAsync(byName.Host, cancellation);
            return [.. addresses.Select(a => new UriBuilder(byName) { Host = a.ToString() }.Uri).Distinct()];
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            if (isNews)
                LogUnanswered(byName.Host, e.Message);
            return null;
        }
    }

    [LoggerMessage(220, LogLevel.Warning, "{Name} cannot be looked up; the workers that were found go on. {Problem}")]
    private partial void LogUnanswered(string name, string problem);
}
