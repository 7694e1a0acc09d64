using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.TelemetryTests;

/// <summary>What the load asks for, and how.</summary>
internal static class Requests
{
    /// <summary>Nothing waits so long unless something is broken.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static GenerateRequest Wish(string prompt, int steps = 4) => new()
    {
        Prompt = prompt,
        Seed = 1,
        Schedule = new Schedule { Steps = steps },
        OnDisconnect = OnDisconnect.Detach,
    };

    /// <summary>One whose end nobody waits for.</summary>
    public static GenerateRequest Endless(string prompt)
    {
        var wish = Wish(prompt, steps: 1000);
        wish.Count = 4;
        return wish;
    }

    /// <param name="deadline">The job's; one that it cannot meet ends it at once.</param>
    public static async Task<Job> SubmitAsync(Generation.GenerationClient client, GenerateRequest wish, TimeSpan? deadline = null) =>
        await client.SubmitAsync(wish, deadline: DateTime.UtcNow + deadline);

    /// <summary>How a job ends.</summary>
    public static async Task<StatusCode> EndAsync(Generation.GenerationClient client, Job job)
    {
        using var call = client.Watch(new WatchRequest { JobId = job.Id }, deadline: DateTime.UtcNow + Patience);
        return await StatusAsync(async () =>
        {
            await foreach (var _ in call.ResponseStream.ReadAllAsync())
            {
            }
        });
    }

    /// <summary>The file of a picture that is made.</summary>
    public static async Task<byte[]> PictureAsync(Generation.GenerationClient client, GenerateRequest wish)
    {
        using var call = client.Generate(wish, deadline: DateTime.UtcNow + Patience);
        using var picture = new MemoryStream();
        await foreach (var next in call.ResponseStream.ReadAllAsync())
            next.Image?.Chunk.Data.WriteTo(picture);
        return picture.ToArray();
    }

    /// <summary>How a call ends.</summary>
    public static async Task<StatusCode> StatusAsync(Func<Task> call)
    {
        try
        {
            await call();
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }
}
