using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Sampling;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;
using NoiseStream = Diffusion.Mesh.Sampling.NoiseStream;
using SamplerState = Diffusion.Mesh.Sampling.SamplerState;

namespace Diffusion.Mesh.Unet;

/// <summary>Sampler states on the wire.</summary>
internal static class StateMessages
{
    private const uint FormatVersion = 1;

    public static V1.SamplerState Write(ValidDenoiseJob job, string provider)
    {
        var message = new V1.SamplerState
        {
            FormatVersion = FormatVersion,
            ModelRevision = job.Model.Revision,
            ExecutionProvider = provider,
            Sampler = job.Sampler.Name,
            Position = (uint)job.State.Position,
            Latents = TensorMessages.ToMessage(job.State.Latents, job.LatentShape),
            Noise = new V1.NoiseStream { Seed = job.Seed, Images = (uint)job.Images, NumbersDrawn = job.Noise.NumbersDrawn },
        };
        message.History.AddRange(job.State.History.Select(slot => TensorMessages.ToMessage(slot, job.LatentShape)));
        return message;
    }

    /// <exception cref="ServiceException">The state is of another version, model, provider or sampler, or does not fit the job.</exception>
    public static (SamplerState State, NoiseStream Noise) Read(
        V1.SamplerState message, ModelFacts model, string provider, ISampler sampler, IReadOnlyList<int> shape)
    {
        Require(message.FormatVersion == FormatVersion, $"has format version {message.FormatVersion}, and this worker reads {FormatVersion}");
        Require(message.ModelRevision == model.Revision, $"is of model revision {message.ModelRevision}, and the job's is {model.Revision}");
        Require(
            message.ExecutionProvider == provider,
            $"was computed by execution provider '{message.ExecutionProvider}', and this worker's is '{provider}': the bits would differ");
        Require(message.Sampler == sampler.Name, $"is of sampler '{message.Sampler}', and the job's is '{sampler.Name}'");
        Require(message.Position <= sampler.Evaluations.Count, $"is at evaluation {message.Position} of {sampler.Evaluations.Count}");
        Require(message.History.Count == sampler.HistorySlots, $"has {message.History.Count} history slots, and the sampler has {sampler.HistorySlots}");

        var latents = Floats(message.Latents, shape, "latents");
        float[][] history = [.. message.History.Select((slot, i) => Floats(slot, shape, $"history[{i}]"))];
        var (draws, rest) = Math.DivRem(message.Noise.NumbersDrawn, (ulong)latents.Length);
        Require(rest == 0, "has a noise stream between two draws");
        // An input picture, the start, and one for each evaluation.
        Require(draws <= (ulong)message.Position + 2, $"has a noise stream after {draws} draws, more than its position can have taken");
        return (
            new SamplerState(0, (int)message.Position, latents, history),
            NoiseStream.Resume(message.Noise.Seed, message.Noise.NumbersDrawn, latents.Length));
    }

    private static float[] Floats(Tensor message, IReadOnlyList<int> shape, string name)
    {
        var tensor = TensorMessages.Read(message, out var problem);
        Require(problem is null, $"has broken {name}: {problem?.TrimEnd('.')}");
        Require(tensor!.Shape.SequenceEqual(shape), $"has {name} of another shape than the job's");
        return tensor.ToFloats();
    }

    private static void Require(bool condition, string problem)
    {
        if (!condition)
            throw new ServiceException(ServiceError.Mismatch, $"The sampler state {problem}.");
    }
}
