using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Tests;

/// <summary>Makes a worker's job from a request, as the orchestrator does.</summary>
internal static class DenoiseJobs
{
    /// <summary>The job of a request; its seed, guidance scale and steps must be given.</summary>
    public static async Task<DenoiseJob> JobAsync(this MeshFixture mesh, GenerateRequest request)
    {
        var model = mesh.Model;
        var texts = await mesh.TextEncoder.EncodeTextAsync(
            new EncodeTextRequest { Model = model.Name, ModelRevision = model.Revision, Texts = { request.Prompt, request.NegativePrompt } });
        return new DenoiseJob
        {
            JobId = Guid.NewGuid().ToString("N"),
            Epoch = 1,
            Model = model.Name,
            ModelRevision = model.Revision,
            Positive = texts.Texts[0].Conditioning,
            Negative = request.GuidanceScale > 1 ? texts.Texts[1].Conditioning : null,
            Guidance = new Guidance { Scale = request.GuidanceScale },
            Schedule = request.Schedule,
            Sampler = request.Sampler,
            LatentHeight = (uint)((request.HasHeight ? request.Height : model.DefaultSize) / model.Vae.Scale),
            LatentWidth = (uint)((request.HasWidth ? request.Width : model.DefaultSize) / model.Vae.Scale),
            Noise = new NoiseStream { Seed = request.Seed, Images = (uint)(request.HasCount ? request.Count : 1) },
        };
    }
}
