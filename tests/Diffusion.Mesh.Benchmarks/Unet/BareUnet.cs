using Diffusion.Mesh.Models;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>A bare loop over a UNet's ONNX file, with the options that the worker gives its session and no more than that.</summary>
internal sealed class BareUnet : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly ModelFacts _model;
    private readonly int _height;
    private readonly int _width;

    public BareUnet(ModelFacts model, int latentHeight, int latentWidth)
    {
        (_model, _height, _width) = (model, latentHeight, latentWidth);
        using var options = new SessionOptions();
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        _session = new InferenceSession(Path.Combine(model.Folder, "unet", "model.onnx"), options);
    }

    /// <summary>Runs forward passes.</summary>
    /// <returns>The seconds that each took.</returns>
    public double[] Run(int rows, int passes)
    {
        using var sample = Tensor([rows, _model.Unet.InChannels, _height, _width]);
        using var context = Tensor([rows, _model.TextWindow, _model.Unet.ContextWidth]);
        using var timestep = _session.InputMetadata["timestep"].ElementDataType == TensorElementType.Int64
            ? OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat(437L, rows).ToArray(), [rows])
            : OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat(437f, rows).ToArray(), [rows]);
        return
        [
            .. Enumerable.Range(0, passes).Select(_ => Timing.Seconds(() =>
            {
                using var outputs = _session.Run(_run, ["sample", "timestep", "encoder_hidden_states"], [sample, timestep, context], ["out_sample"]);
            })),
        ];
    }

    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
    }

    private static OrtValue Tensor(long[] shape)
    {
        var random = new Random(1);
        var values = new float[shape.Aggregate(1L, (product, length) => product * length)];
        foreach (ref var value in values.AsSpan())
            value = 2 * random.NextSingle() - 1;
        return OrtValue.CreateTensorValueFromMemory(values, shape);
    }
}
