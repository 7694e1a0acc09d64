namespace Diffusion.Mesh.Inference;

/// <summary>How ONNX Runtime runs a model.</summary>
public sealed class ExecutionOptions
{
    /// <summary>The execution provider: <c>cpu</c> or <c>cuda</c>. One that is not there is an error at start, never replaced by another.</summary>
    public string Provider { get; init; } = "cpu";

    /// <summary>Threads of one forward pass, 1 to the number of cores. 0: one for each core.</summary>
    public int Threads { get; init; }
}
