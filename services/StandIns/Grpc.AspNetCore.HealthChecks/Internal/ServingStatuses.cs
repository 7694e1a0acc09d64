using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.AspNetCore.HealthChecks.Internal;

/// <summary>Turns the results of health checks into the status of a mapped service.</summary>
internal static class ServingStatuses
{
    /// <summary>Whether the service depends on a check with this name and these tags.</summary>
    public static bool Chooses(this ServiceMapping mapping, string name, IEnumerable<string> tags) =>
        mapping.HealthCheckPredicate?.Invoke(new HealthCheckMapContext(name, tags)) ?? true;

    /// <summary>NOT_SERVING if a check that the service depends on is unhealthy, UNKNOWN if there is none, else SERVING.</summary>
    public static ServingStatus StatusIn(this ServiceMapping mapping, HealthReport report)
    {
        var statuses = report.Entries
            .Where(entry => mapping.Chooses(entry.Key, entry.Value.Tags) && mapping.ChoosesResult(entry.Key, entry.Value))
            .Select(entry => entry.Value.Status)
            .ToList();
        return statuses.Count == 0 ? ServingStatus.Unknown
            : statuses.Contains(HealthStatus.Unhealthy) ? ServingStatus.NotServing
            : ServingStatus.Serving;
    }

#pragma warning disable CS0618 // The obsolete way to map must keep working.
    private static bool ChoosesResult(this ServiceMapping mapping, string name, HealthReportEntry entry) =>
        mapping.Predicate?.Invoke(new HealthResult(
            name, entry.Tags, entry.Status, entry.Description, entry.Duration, entry.Exception, entry.Data)) ?? true;
#pragma warning restore CS0618
}
