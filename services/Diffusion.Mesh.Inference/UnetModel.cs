using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.Inference;

/// <summary>A UNet: noisy latents, timesteps and conditioning to a prediction.</summary>
public abstract class UnetModel : IDisposable
{
    /// <summary>The latents' input: [rows, channels, height, width]; rows have the length 1 where the file takes one at a time.</summary>
    public abstract PortFacts SampleInput { get; }

    /// <summary>The timestep input: [rows] or a single value, float or integer, as the exporter left it.</summary>
    public abstract PortFacts TimestepInput { get; }

    /// <summary>Channels of the latents' input.</summary>
    public abstract int InputChannels { get; }

    /// <summary>Channels of the prediction.</summary>
    public abstract int OutputChannels { get; }

    /// <summary>
    /// Every input but latents and timestep, by name; none for an unconditional UNet. The text's is always <c>encoder_hidden_states</c>.
    /// </summary>
    public abstract IReadOnlyDictionary<string, PortFacts> ConditioningInputs { get; }

    /// <summary>True when timesteps can only be whole numbers.</summary>
    public bool HasIntegerTimestep => TimestepInput.Type is ElementType.Int64 or ElementType.Int32;

    /// <summary>True when a pass can only have rows of one timestep.</summary>
    public bool HasSingleTimestep => TimestepInput.Rank == 0 || TimestepInput.Dimensions[0] == 1;

    /// <summary>True when a pass can only have one row.</summary>
    public bool TakesSingleRows => SampleInput.Dimensions[0] == 1;

    /// <summary>Loads the UNet of <paramref name="model"/>.</summary>
    /// <exception cref="ModelFormatException">The graph is missing or broken, or is none of a UNet.</exception>
    public static UnetModel Load(ModelFacts model, ExecutionOptions execution) => OnnxUnet.Load(model, execution);

    /// <summary>Room for up to <paramref name="rows"/> rows.</summary>
    public abstract UnetRows Allocate(UnetShape shape, int rows);

    /// <inheritdoc/>
    public abstract void Dispose();
}
