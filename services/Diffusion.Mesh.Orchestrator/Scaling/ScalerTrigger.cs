using System.Globalization;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>What a ScaledObject's trigger asks for, in its metadata.</summary>
/// <param name="Role">Whose replicas are scaled; <c>service</c>, default <c>unet</c>.</param>
/// <param name="TargetSeconds">
/// Seconds of work that each replica should have before it: the metric is divided by it. <c>targetSeconds</c>, 0.1 to 86,400.
/// </param>
/// <param name="ActivationSeconds">Above so many seconds of work there is at least one replica. <c>activationSeconds</c>, 0 to 86,400, default 0: any job.</param>
internal sealed record ScalerTrigger(WorkerRole Role, double TargetSeconds, double ActivationSeconds)
{
    /// <summary>What a simulated day found best, see docs/scaling.md.</summary>
    public const double DefaultTargetSeconds = 6;

    private const double Most = 86_400;

    // What KEDA reads itself, and passes on.
    private static readonly string[] Kedas = ["scalerAddress", "enableTLS", "unsafeSsl", "tlsCertFile", "caCert", "tlsClientCert", "tlsClientKey"];

    private static readonly Dictionary<string, WorkerRole> Services = Enum.GetValues<WorkerRole>().ToDictionary(WorkerGauges.Service);

    /// <summary>The metric's name.</summary>
    public string Metric => $"{WorkerGauges.Service(Role)}-seconds";

    /// <summary>Whether there should be any replica.</summary>
    public bool IsActive(ScalingDemand demand) => demand.Of(Role) > ActivationSeconds;

    /// <summary>Parses a trigger's metadata.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT with every wrong key.</exception>
    public static ScalerTrigger Parse(IDictionary<string, string> metadata)
    {
        List<FieldProblem> problems = [];
        var trigger = new ScalerTrigger(
            Service(metadata, problems),
            Seconds(metadata, "targetSeconds", DefaultTargetSeconds, 0.1, problems),
            Seconds(metadata, "activationSeconds", 0, 0, problems));
        problems.AddRange(metadata.Keys.Except([.. Kedas, "service", "targetSeconds", "activationSeconds"])
            .Select(key => Problem(key, "There is no such key: service, targetSeconds and activationSeconds are known.")));
        return problems.Count == 0 ? trigger : throw RichErrors.BadRequest(problems);
    }

    private static WorkerRole Service(IDictionary<string, string> metadata, List<FieldProblem> problems)
    {
        if (!metadata.TryGetValue("service", out var name))
            return WorkerRole.Unet;
        if (!Services.TryGetValue(name, out var role))
            problems.Add(Problem("service", $"It must be {string.Join(", ", Services.Keys)}, and is '{name}'."));
        return role;
    }

    private static double Seconds(IDictionary<string, string> metadata, string key, double value, double least, List<FieldProblem> problems)
    {
        if (!metadata.TryGetValue(key, out var text))
            return value;
        if (!(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds >= least && seconds <= Most))
            problems.Add(Problem(key, FormattableString.Invariant($"It must be a number of seconds from {least} to {Most}, and is '{text}'.")));
        return seconds;
    }

    private static FieldProblem Problem(string key, string description) => new($"scalerMetadata.{key}", description);
}
