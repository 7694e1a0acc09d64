namespace Diffusion.Mesh.Hosting;

/// <summary>Every name that traces and metrics use. Where the conventions of OpenTelemetry have one it is theirs; the rest is under <c>diffusion</c>.</summary>
public static partial class TelemetryNames
{
    public const string RpcSystem = "rpc.system.name";
    public const string RpcMethod = "rpc.method";
    public const string RpcStatus = "rpc.response.status_code";
    public const string ErrorType = "error.type";

    public const string GenerateContent = "generate_content";
    public const string ThisProvider = "diffusion_mesh";

    public const string HttpMethod = "http.request.method";
    public const string HttpRoute = "http.route";
    public const string HttpStatus = "http.response.status_code";

    public const string Operation = "gen_ai.operation.name";
    public const string OutputType = "gen_ai.output.type";
    public const string Provider = "gen_ai.provider.name";
    public const string Model = "gen_ai.request.model";
    public const string Seed = "gen_ai.request.seed";
    public const string ImageCount = "gen_ai.request.choice.count";
    public const string ImageWidth = "gen_ai.request.image.width";
    public const string ImageHeight = "gen_ai.request.image.height";
    public const string InputMessages = "gen_ai.input.messages";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string ResponseId = "gen_ai.response.id";

    public const string NegativePrompt = "diffusion.negative_prompt";
    public const string Sampler = "diffusion.sampler";
    public const string Steps = "diffusion.steps";
    public const string GuidanceScale = "diffusion.guidance_scale";
    public const string Stage = "diffusion.stage";
    public const string Outcome = "diffusion.outcome";
    public const string Tenant = "diffusion.tenant";
    public const string ResumeReason = "diffusion.resume.reason";
    public const string Service = "diffusion.service";
    public const string WorkerState = "diffusion.worker.state";
    public const string Device = "diffusion.device";
    public const string CacheHit = "diffusion.cache.hit";
    public const string StepIndex = "diffusion.step.index";
    public const string Timestep = "diffusion.step.timestep";
    public const string Sigma = "diffusion.step.sigma";
    public const string Rows = "diffusion.step.rows";
    public const string BatchRows = "diffusion.batch.rows";
    public const string Attempt = "diffusion.attempt";
    public const string Epoch = "diffusion.epoch";
    public const string Checkpoint = "diffusion.checkpoint";
    public const string ResumeIndex = "diffusion.resume.index";
    public const string Worker = "diffusion.worker";
    public const string ImageIndex = "diffusion.image.index";
    public const string ImageBytes = "diffusion.image.bytes";
    public const string Texts = "diffusion.texts";

    /// <summary>The value of <see cref="Stage"/> for a picture's file, whatever its format.</summary>
    public const string PictureStage = "picture";

    public const string ValidateSpan = "validate";
    public const string CacheSpan = "cache";
    public const string GenerateSpan = "generate";
    public const string QueueSpan = "queue";
    public const string EncodeSpan = "encode";
    public const string SourceSpan = "source";
    public const string RankSpan = "rank";
    public const string DenoiseSpan = "denoise";
    public const string StepSpan = "step";
    public const string DecodeSpan = "decode";
    public const string TokenizeSpan = "tokenize";
    public const string ForwardSpan = "forward";
    public const string ResumeSpan = "resume";
    public const string PictureSpan = "picture";
    public const string PngSpan = "png";
    public const string JpegSpan = "jpeg";
    public const string WebpSpan = "webp";

    // Probes, reflection, the streams of loads and what KEDA polls.
    private static readonly string[] s_background = ["/grpc.", "/diffusion.mesh.v1.Worker/", Listeners.ScalerService];

    /// <summary>Calls that are neither traced nor measured, since they would drown the generations.</summary>
    /// <param name="method">As gRPC has it, <c>/SERVICE/METHOD</c>.</param>
    public static bool IsBackground(string method) => Array.Exists(s_background, prefix => method.StartsWith(prefix, StringComparison.Ordinal));
}
