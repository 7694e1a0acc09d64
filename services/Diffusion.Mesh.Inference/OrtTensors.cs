using Microsoft.ML.OnnxRuntime;

namespace Diffusion.Mesh.Inference;

/// <summary>Copies what ONNX Runtime returns into memory of our own.</summary>
internal static class OrtTensors
{
    public static TensorData Copy(this OrtValue value, PortFacts port)
    {
        var shape = value.GetTensorTypeAndShape().Shape;
        return new TensorData(port.Type, Array.ConvertAll(shape, d => checked((int)d)), value.GetTensorMutableRawData().ToArray());
    }
}
