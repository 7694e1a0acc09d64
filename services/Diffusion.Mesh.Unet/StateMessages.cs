using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Sampling;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;
using SamplerState = Diffusion.Mesh.Sampling.SamplerState;

namespace Diffusion.Mesh.Unet;

/// <summary>Sampler states on the wire.</summary>
internal static class StateMessages
{
    private const uint FormatVersion = 1;

    /// <summary>Where a job stands now.</summary>
    public static V1.SamplerState Write(ValidDenoiseJob job, string provider)
    {
        var copy = new StateCopy();
        copy.Take(job);
        return Write(job, copy, provider);
    }

    /// <summary>Where a job stood when the copy was taken.</summary>
    public static V1.SamplerState Write(ValidDenoiseJob job, StateCopy copy, string provider)
    {
        var message = new V1.SamplerState
        {
            FormatVersion = FormatVersion,
            ModelRevision = job.Model.Revision,
            ExecutionProvider = provider,
            Sampler = job.Sampler.Name,
            Position = (uint)copy.Done,
            Latents = TensorMessages.ToMessage(copy.Latents, job.LatentShape),
            Noise = new V1.NoiseStream { Seed = job.Seed, Images = (uint)job.Images, NumbersDrawn = copy.NumbersDrawn },
        };
        message.History.AddRange(copy.History.Select(slot => TensorMessages.ToMessage(slot, job.LatentShape)));
        return message;
    }

    /// <summary>Reads a state of the run that begins with <paramref name="start"/>, whose noise stream goes on to where the state's stands.</summary>
    /// <exception cref="ServiceException">The state is of another version, model, provider or sampler, or does not fit the job.</exception>
    public static SamplerState Read(
        V1.SamplerState message, ModelFacts model, string provider, ISampler sampler, IReadOnlyList<int> shape, RunStart start)
    {
        Require(message.FormatVersion == FormatVersion, $"has format version {message.FormatVersion}, and this worker reads {FormatVersion}");
        Require(message.ModelRevision == model.Revision, $"is of model revision {message.ModelRevision}, and the job's is {model.Revision}");
        Require(
            message.ExecutionProvider == provider,
            $"was computed by execution provider '{message.ExecutionProvider}', and this worker's is '{provider}': the bits would differ");
        Require(message.Sampler == sampler.Name, $"is of sampler '{message.Sampler}', and the job's is '{sampler.Name}'");
        var evaluations = sampler.Evaluations.Count - start.State.Start;
        Require(message.Position <= evaluations, $"is at evaluation {message.Position} of {evaluations}");
        Require(message.History.Count == sampler.HistorySlots, $"has {message.History.Count} history slots, and the sampler has {sampler.HistorySlots}");

        var latents = Floats(message.Latents, shape, "latents");
        float[][] history = [.. message.History.Select((slot, i) => Floats(slot, shape, $"history[{i}]"))];
        Require(message.Noise.NumbersDrawn >= start.Noise.NumbersDrawn, "has a noise stream that stands before the run's start");
        var (draws, rest) = Math.DivRem(message.Noise.NumbersDrawn - start.Noise.NumbersDrawn, (ulong)latents.Length);
        Require(rest == 0, "has a noise stream between two draws");
        // No sampler draws more than once for an evaluation.
        Require(draws <= message.Position, $"has a noise stream after {draws} draws, more than its position can have taken");
        start.Noise.Skip(draws, latents.Length);
        return new SamplerState(start.State.Start, start.State.Start + (int)message.Position, latents, history);
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
