using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.Inference;

/// <summary>A UNet in an ONNX file.</summary>
internal sealed class OnnxUnet : UnetModel
{
    private readonly OnnxPart _part;
    private readonly UnetPorts _ports;
    private readonly UnetFacts _facts;

    private OnnxUnet(OnnxPart part, UnetFacts facts)
    {
        (_part, _facts) = (part, facts);
        _ports = new UnetPorts(part, facts);
        SampleInput = part.Input(_ports.Sample);
        TimestepInput = part.Input(_ports.Timestep);
    }

    /// <inheritdoc/>
    public override PortFacts SampleInput { get; }

    /// <inheritdoc/>
    public override PortFacts TimestepInput { get; }

    /// <inheritdoc/>
    public override int InputChannels => _facts.InChannels;

    /// <inheritdoc/>
    public override int OutputChannels => _facts.OutChannels;

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, PortFacts> ConditioningInputs => _ports.Conditioning;

    /// <exception cref="ModelFormatException">The graph is missing or broken, or is none of a UNet.</exception>
    public static new OnnxUnet Load(ModelFacts model, ExecutionOptions execution)
    {
        var part = OnnxPart.Load(model, "unet", execution);
        try
        {
            return new OnnxUnet(part, model.Unet);
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override UnetRows Allocate(UnetShape shape, int rows) => new OnnxUnetRows(_part, _ports, _facts, HasSingleTimestep, shape, rows);

    /// <inheritdoc/>
    public override void Dispose() => _part.Dispose();
}
