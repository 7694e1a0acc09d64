using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Onnx;

/// <summary>A graph with its weights still in the checkpoint.</summary>
/// <param name="Proto">The graph; its weights have names and shapes and no data yet.</param>
/// <param name="Weights">Where each weight's numbers come from, in the order of their use.</param>
/// <param name="Precision">What the weights are written as.</param>
internal sealed record OnnxModel(ModelProto Proto, IReadOnlyList<GraphWeight> Weights, Precision Precision);

/// <param name="Initializer">The weight in the graph.</param>
/// <param name="Tensor">Its numbers, in the same order.</param>
internal sealed record GraphWeight(TensorProto Initializer, StoredTensor Tensor);
