using System.Text.Json.Nodes;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Fuzz;

/// <summary>Keeps what a mutated request may ask for to milliseconds of work. What no server takes is left as it is.</summary>
internal static class Cheapness
{
    private const int MostSteps = 3;
    private const int MostPictures = 2;
    private const int ServersSteps = 1000;
    private const int ServersPictures = 64;

    private static readonly Dictionary<string, (int Most, int Server)> Names = new()
    {
        ["steps"] = (MostSteps, ServersSteps),
        ["count"] = (MostPictures, ServersPictures),
        ["candidates"] = (MostPictures, ServersPictures),
        ["n"] = (MostPictures, ServersPictures),
        ["n_iter"] = (MostPictures, ServersPictures),
        ["batch_size"] = (MostPictures, ServersPictures),
    };

    public static void Limit(GenerateRequest request)
    {
        request.Schedule ??= new Schedule();
        request.Schedule.Steps = request.Schedule.HasSteps ? Limited(request.Schedule.Steps, MostSteps, ServersSteps) : 1;
        if (request.HasCount)
            request.Count = Limited(request.Count, MostPictures, ServersPictures);
        if (request.HasCandidates)
            request.Candidates = Limited(request.Candidates, MostPictures, ServersPictures);
    }

    public static void Limit(DenoiseJob job)
    {
        if (job.Schedule is { HasSteps: true } schedule)
            schedule.Steps = Limited(schedule.Steps, MostSteps, ServersSteps);
        foreach (var noise in new[] { job.Noise, job.State?.Noise }.OfType<NoiseStream>())
            noise.Images = (uint)Limited((int)Math.Min(noise.Images, int.MaxValue), MostPictures, ServersPictures);
        // Sides that a worker takes; a step on them would take seconds.
        job.LatentHeight = job.LatentHeight is > 16 and <= 1 << 14 ? 16 : job.LatentHeight;
        job.LatentWidth = job.LatentWidth is > 16 and <= 1 << 14 ? 16 : job.LatentWidth;
    }

    /// <summary>Of JSON and forms: by the names that doors have for the same.</summary>
    public static void Limit(JsonObject json)
    {
        foreach (var (name, value) in json.ToArray())
        {
            if (value is JsonObject inner)
                Limit(inner);
            else if (Names.TryGetValue(name, out var limit) && value is JsonValue number && number.TryGetValue<long>(out var asked))
                json[name] = asked > limit.Server ? asked : Math.Min(asked, limit.Most);
        }
    }

    private static int Limited(int value, int most, int server) => value > server ? value : Math.Min(value, most);
}
