using Diffusion.Mesh.Client;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>The sample of the README, whose lines are those of the method.</summary>
internal static class ClientSample
{
    public static async Task RunAsync(string server, string file)
    {
        using var mesh = new MeshClient(new Uri(server));
        var made = await mesh.GeneratePicturesAsync(new GenerateRequest
        {
            Prompt = "a small yellow star at the top, blue background",
            Seed = 2,
            Schedule = new Schedule { Steps = 20 },
        });
        await File.WriteAllBytesAsync(file, made.Pictures[0].File);
    }
}
