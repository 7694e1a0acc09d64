using Diffusion.Mesh.Models;
using Microsoft.ML.OnnxRuntime;

namespace Diffusion.Mesh.Inference;

/// <summary>One ONNX graph of a model, loaded: one session that all callers share.</summary>
internal sealed class OnnxPart : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();

    private OnnxPart(string model, string path, InferenceSession session)
    {
        _session = session;
        Model = model;
        Path = path;
        Inputs = Ports(session.InputMetadata);
        Outputs = Ports(session.OutputMetadata);
    }

    public string Model { get; }

    /// <summary>The graph's file as a path inside the model's folder.</summary>
    public string Path { get; }

    public IReadOnlyDictionary<string, PortFacts> Inputs { get; }

    public IReadOnlyDictionary<string, PortFacts> Outputs { get; }

    /// <exception cref="ModelFormatException">The graph is missing or broken, or not what the manifest says.</exception>
    /// <exception cref="ExecutionProviderException">The provider cannot be used.</exception>
    public static OnnxPart Load(ModelFacts model, string part, ExecutionOptions execution)
    {
        var path = $"{part}/{ModelFolder.Graph}";
        var file = System.IO.Path.Combine(model.Folder, part, ModelFolder.Graph);
        if (!File.Exists(file))
            throw new ModelFormatException(model.Name, path, "is missing");
        ModelManifest.Read(model.Name, model.Folder)?.CheckPart(part);
        using var options = Sessions.Options(execution);
        try
        {
            return new OnnxPart(model.Name, path, new InferenceSession(file, options));
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelFormatException(model.Name, path, $"is broken or its weights are missing ({e.Message.Trim().TrimEnd('.')})", e);
        }
    }

    /// <summary>The input of this name.</summary>
    /// <exception cref="ModelFormatException">The graph has none.</exception>
    public PortFacts Input(string name) => Port(Inputs, "input", name);

    /// <summary>The output of this name.</summary>
    /// <exception cref="ModelFormatException">The graph has none.</exception>
    public PortFacts Output(string name) => Port(Outputs, "output", name);

    /// <summary>Room for an input, to be filled and disposed by the caller.</summary>
    public OrtValue Allocate(string input, params long[] shape) =>
        OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, Input(input).OnnxType, shape);

    /// <summary>An input filled from float32 values.</summary>
    public OrtValue Allocate(string input, ReadOnlySpan<float> values, params long[] shape)
    {
        var value = Allocate(input, shape);
        Elements.Write(values, Input(input).Type, value.GetTensorMutableRawData());
        return value;
    }

    public IDisposableReadOnlyCollection<OrtValue> Run(IReadOnlyDictionary<string, OrtValue> inputs, IReadOnlyCollection<string> outputs) =>
        _session.Run(_run, inputs, outputs);

    /// <summary>A set of inputs and outputs that stay in place, to be disposed by the caller.</summary>
    public OrtIoBinding Bind() => _session.CreateIoBinding();

    public void Run(OrtIoBinding binding) => _session.RunWithBinding(_run, binding);

    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    private PortFacts Port(IReadOnlyDictionary<string, PortFacts> ports, string kind, string name) =>
        ports.TryGetValue(name, out var port)
            ? port
            : throw new ModelFormatException(Model, Path, $"has no {kind} '{name}' of a known type; it has {string.Join(", ", ports.Keys)}");

    private static Dictionary<string, PortFacts> Ports(IReadOnlyDictionary<string, NodeMetadata> metadata) =>
        metadata.Select(m => (m.Key, Facts: PortFacts.From(m.Value))).Where(p => p.Facts is not null).ToDictionary(p => p.Key, p => p.Facts!);
}
