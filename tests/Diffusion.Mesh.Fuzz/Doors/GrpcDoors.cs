using Diffusion.Mesh.ExternalScaling;
using Diffusion.Mesh.V1;
using Google.Protobuf;
using Grpc.Health.V1;

namespace Diffusion.Mesh.Fuzz;

/// <summary>Every method of every service, by messages and by what stands around them.</summary>
internal static class GrpcDoors
{
    // Model evaluations times pictures: a job of more is left at once.
    private const uint MostWork = 12;

    private const string Own = "/diffusion.mesh.v1.";

    public static IReadOnlyList<Door> All { get; } =
    [
        Method("Generation/Generate", 14, s => s.Grpc, (dice, _) => Messages.Generate(dice), IsCheap),
        Method("Generation/Submit", 6, s => s.Grpc, (dice, _) => Messages.Generate(dice)),
        Method("Generation/Watch", 3, s => s.Grpc, (dice, _) => new WatchRequest { JobId = NastyTexts.KnownJob, AfterSequence = (ulong)dice.Below(5) }),
        Method("Generation/GetJob", 2, s => s.Grpc, (_, _) => new GetJobRequest { JobId = NastyTexts.KnownJob }),
        Method("Generation/ListJobs", 3, s => s.Grpc, (_, _) => new ListJobsRequest { PageSize = 10 }),
        Method("Generation/Cancel", 2, s => s.Grpc, (_, _) => new CancelRequest { JobId = NastyTexts.KnownJob }, findsNothing: true),
        Method("Generation/ListModels", 2, s => s.Grpc, (_, _) => new ListModelsRequest()),
        Method("TextEncoder/EncodeText", 4, s => s.TextEncoder, (_, _) => Messages.EncodeText()),
        Method("TextEncoder/EncodeImage", 5, s => s.TextEncoder, (dice, _) => Messages.EncodeImage(dice)),
        Method("Vae/Encode", 7, s => s.Vae, (dice, _) => Messages.EncodeLatents(dice)),
        Method("Vae/Decode", 5, s => s.Vae, (dice, _) => Messages.Decode(dice)),
        Method("Unet/Denoise", 8, s => s.Unet, (dice, s) => new DenoiseRequest { Job = Messages.Denoise(dice, s.Revision) }),
        Method("Worker/WatchLoad", 2, s => s.Unet, (_, _) => new WatchLoadRequest(), _ => false),
        new("grpc.health.v1.Health/Check", 2, (dice, s, change) => Call(dice, s => s.Grpc, "/grpc.health.v1.Health/Check", new HealthCheckRequest(), s, change)),
        new("grpc.health.v1.Health/Watch", 2, (dice, s, change) => Call(dice, s => s.Vae, "/grpc.health.v1.Health/Watch", new HealthCheckRequest(), s, change, _ => false)),
        Scaler("IsActive", (_, _) => Scaled()),
        Scaler("StreamIsActive", (_, _) => Scaled(), _ => false),
        Scaler("GetMetricSpec", (_, _) => Scaled()),
        Scaler("GetMetrics", (_, _) => new GetMetricsRequest { ScaledObjectRef = Scaled(), MetricName = "unet-seconds" }),
        Scaler("StreamMetricSpec", (_, _) => Scaled(), findsNothing: true),
        Reflection("v1"),
        Reflection("v1alpha"),
    ];

    private static Door Method(
        string name, int weight, Func<Server, Uri> at, Func<Dice, Server, IMessage> good, Func<byte[], bool>? follow = null, bool findsNothing = false) =>
        new(name, weight, (dice, server, change) => Call(dice, at, Own + name, good(dice, server), server, change, follow), findsNothing);

    private static Door Scaler(string name, Func<Dice, Server, IMessage> good, Func<byte[], bool>? follow = null, bool findsNothing = false) => new(
        $"ExternalScaler/{name}",
        1,
        (dice, server, change) => Call(dice, s => s.Scaler, $"/externalscaler.ExternalScaler/{name}", good(dice, server), server, change, follow),
        findsNothing);

    private static ScaledObjectRef Scaled() => new() { Name = "unet", Namespace = "mesh", ScalerMetadata = { ["service"] = "unet", ["targetSeconds"] = "5" } };

    private static Door Reflection(string version)
    {
        var path = $"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo";
        return new(path[1..], 2, (dice, server, change) => Call(
            dice,
            s => s.Grpc,
            path,
            dice.Chance(0.5)
                ? new global::Grpc.Reflection.V1.ServerReflectionRequest { FileContainingSymbol = "diffusion.mesh.v1.Generation" }
                : new global::Grpc.Reflection.V1.ServerReflectionRequest { ListServices = "" },
            server,
            change));
    }

    private static GrpcShot Call(
        Dice dice, Func<Server, Uri> at, string path, IMessage message, Server server, bool change, Func<byte[], bool>? follow = null)
    {
        if (!change)
            return new GrpcShot(at, path, GrpcShot.Frame(message.ToByteArray()), GrpcHeaders.Good(server), follow ?? (_ => true));
        if (dice.Chance(0.75))
            MessageMutator.Mutate(dice, message);
        if (message is GenerateRequest request)
            Cheapness.Limit(request);
        if (message is DenoiseRequest { Job: { } job })
            Cheapness.Limit(job);
        var bytes = message.ToByteArray();
        if (dice.Chance(0.3))
            bytes = dice.Chance(0.1) ? GrpcFrames.Groups(dice) : ByteMutator.Mutate(dice, bytes);
        var body = dice.Chance(0.2) ? GrpcFrames.Mutate(dice, bytes) : GrpcShot.Frame(bytes);
        var headers = dice.Chance(0.2) ? GrpcHeaders.Mutate(dice, server) : GrpcHeaders.Good(server);
        var (method, changed) = dice.Chance(0.02) ? (dice.Pick(["GET", "PUT", "OPTIONS", "DELETE"]), path) : ("POST", dice.Chance(0.02) ? path[..^1] : path);
        return new GrpcShot(at, changed, body, headers, follow ?? (_ => true), method);
    }

    private static bool IsCheap(byte[] message) =>
        GenerateEvent.Parser.ParseFrom(message) is not { Queued: { } queued } || queued.Evaluations <= MostWork;
}
