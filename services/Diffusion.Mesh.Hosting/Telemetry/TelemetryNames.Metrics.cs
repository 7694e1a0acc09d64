namespace Diffusion.Mesh.Hosting;

/// <content>The metrics. docs/telemetry.md tells their units and labels; each is made in the class that its section there names.</content>
public static partial class TelemetryNames
{
    /// <summary>The meter of what is kept: embeddings and Redis. Its metrics are named where they are made.</summary>
    public const string StateMeter = "Diffusion.Mesh.State";

    /// <summary>Names of metrics.</summary>
    public static class Metrics
    {
        public const string ServerCallDuration = "rpc.server.call.duration";
        public const string ClientCallDuration = "rpc.client.call.duration";
        public const string Ready = "diffusion.service.ready";

        public const string RequestDuration = "gen_ai.server.request.duration";
        public const string Requests = "diffusion.requests";
        public const string RequestsRefused = "diffusion.requests.refused";
        public const string StageDuration = "diffusion.stage.duration";
        public const string QueueDepth = "diffusion.queue.depth";
        public const string QueueCost = "diffusion.queue.cost";
        public const string QueueWaitDuration = "diffusion.queue.wait.duration";
        public const string JobsRunning = "diffusion.jobs.running";
        public const string JobsHeld = "diffusion.jobs.held";
        public const string JobPlaces = "diffusion.jobs.places";
        public const string StepDuration = "diffusion.step.duration";
        public const string FirstPreviewDuration = "diffusion.first_preview.duration";
        public const string Resumes = "diffusion.resumes";
        public const string StepsRepeated = "diffusion.steps.repeated";
        public const string CheckpointCount = "diffusion.checkpoint.count";
        public const string CheckpointBytes = "diffusion.checkpoint.io";
        public const string TenantRequests = "diffusion.tenant.requests";
        public const string TenantEvaluations = "diffusion.tenant.evaluations";
        public const string Workers = "diffusion.workers";
        public const string WorkerRetries = "diffusion.worker.retries";

        public const string ModelLoadDuration = "diffusion.model.load.duration";
        public const string ModelMemory = "diffusion.model.memory";
        public const string WorkerCalls = "diffusion.worker.calls";
        public const string WorkerCapacity = "diffusion.worker.capacity";
        public const string WorkerRefused = "diffusion.worker.refused";

        public const string BatchSize = "diffusion.batch.size";
        public const string PassDuration = "diffusion.pass.duration";
        public const string RowsFree = "diffusion.rows.free";
        public const string RowsWorking = "diffusion.rows.working";
        public const string Preemptions = "diffusion.preemptions";
        public const string EngineWorking = "diffusion.engine.working";
        public const string EngineForward = "diffusion.engine.forward";
    }
}
