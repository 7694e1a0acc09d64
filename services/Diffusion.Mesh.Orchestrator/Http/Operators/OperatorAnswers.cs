using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.State;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Who serves.</summary>
/// <param name="Store">Where jobs are kept: <c>memory</c> or <c>redis</c>.</param>
internal sealed record ServicesAnswer(IReadOnlyList<OrchestratorView> Orchestrators, IReadOnlyList<WorkerView> Workers, string Store);

/// <summary>An orchestrator as operators see it.</summary>
/// <param name="Jobs">That it has.</param>
/// <param name="Places">The most of them; null where it is another one's affair.</param>
internal sealed record OrchestratorView(string Name, string Health, int Jobs, int? Places, string? Version);

/// <summary>What is under way, for all tenants.</summary>
internal sealed record ActiveJobsAnswer(int Queued, int Running, IReadOnlyList<TenantUse> Tenants, IReadOnlyList<ActiveJobView> Jobs);

/// <summary>A job as operators see it: without what it asks for.</summary>
/// <param name="Owner">The orchestrator that has it; empty: none.</param>
internal sealed record ActiveJobView(string Tenant, int Priority, double Cost, bool CancelRequested, string Owner, V1.Job Job);

/// <summary>Generations of a server's memory.</summary>
internal sealed record TracesAnswer(IReadOnlyList<TraceSummary> Traces);

/// <summary>The spans of a job.</summary>
internal sealed record SpansAnswer(string JobId, IReadOnlyList<RecordedSpan> Spans);
