using Diffusion.Mesh.Import.Onnx;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Graphs;

/// <summary>A module of a network as diffusers names it. Its parameters become weights of the graph, each taken once.</summary>
/// <param name="Graph">The graph that is being built.</param>
/// <param name="Part">The network's tensors.</param>
/// <param name="Path">The module's name in front of its parameters'; empty for the whole network.</param>
internal readonly record struct Module(GraphBuilder Graph, CheckpointPart Part, string Path = "")
{
    /// <summary>A module within this one.</summary>
    public Module this[string name] => this with { Path = Name(name) };

    /// <summary>One of a list of modules within this one.</summary>
    public Module this[string name, int index] => this[$"{name}.{index}"];

    /// <summary>Whether the checkpoint has any of its tensors.</summary>
    public bool Exists
    {
        get
        {
            var prefix = $"{Path}.";
            return Part.Tensors.Keys.Any(name => name.StartsWith(prefix, StringComparison.Ordinal));
        }
    }

    /// <summary>The modules of a list within this one.</summary>
    public IEnumerable<Module> List(string name)
    {
        for (var index = 0; this[name, index] is { Exists: true } module; index++)
            yield return module;
    }

    /// <summary>A parameter's shape, to learn a width from.</summary>
    /// <exception cref="ImportException">The checkpoint has none of this name, or it has fewer than <paramref name="rank"/> dimensions.</exception>
    public TensorShape ShapeOf(string parameter, int rank)
    {
        var shape = Part.ShapeOf(Name(parameter));
        return shape.Rank >= rank
            ? shape
            : throw new ImportException($"The tensor '{Name(parameter)}' of {Part.Name} has the shape {shape} where {rank} dimensions are needed.");
    }

    /// <summary>A parameter as a weight of the graph.</summary>
    /// <exception cref="ImportException">The checkpoint has none of this name, or it has another shape.</exception>
    public Value Parameter(string name, params ReadOnlySpan<long> shape) => Graph.Weight(Name(name), Part.Take(Name(name), shape), shape);

    /// <summary>The matrix of a linear layer, which some checkpoints store as a convolution of one place.</summary>
    /// <exception cref="ImportException">The checkpoint has none of this name, or it has another shape.</exception>
    public Value Matrix(string name, long outputs, long inputs)
    {
        var trailing = Part.ShapeOf(Name(name)).Dimensions.Skip(2).TakeWhile(length => length == 1);
        return Graph.Weight(Name(name), Part.Take(Name(name), [outputs, inputs, .. trailing]), outputs, inputs);
    }

    /// <summary>A parameter with a number for each channel, which applies to pictures.</summary>
    /// <exception cref="ImportException">The checkpoint has none of this name, or it has another shape.</exception>
    public Value Channels(string name, long channels) => Graph.Weight(Name(name), Part.Take(Name(name), channels), channels, 1, 1);

    private string Name(string name) => Path.Length == 0 ? name : $"{Path}.{name}";
}
