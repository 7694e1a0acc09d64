using Microsoft.ML.OnnxRuntime;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>
/// The least that a guided DDIM picture takes: the text encoder once, the UNet at each step, the VAE once, and the arithmetic between them. No services, no
/// tokenizer, no picture file. The sessions have the options that the services give theirs.
/// </summary>
internal sealed class BareLoop : IDisposable
{
    private readonly InferenceSession _text;
    private readonly InferenceSession _unet;
    private readonly InferenceSession _vae;
    private readonly RunOptions _run = new();
    private readonly int _window;
    private readonly long[] _latentShape;

    public BareLoop(string model)
    {
        using var options = new SessionOptions();
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        InferenceSession Load(string part) => new(Path.Combine(model, part, "model.onnx"), options);
        (_text, _unet, _vae) = (Load("text_encoder"), Load("unet"), Load("vae_decoder"));
        _window = 32;
        _latentShape = [1, _unet.InputMetadata["sample"].Dimensions[1], 8, 8];
    }

    /// <summary>Makes one picture's pixels.</summary>
    public void Run(int steps)
    {
        var hidden = Encode();
        var latents = new float[_latentShape.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0; i < latents.Length; i++)
            latents[i] = MathF.Sin(i * 12.9898f);
        for (var step = 0; step < steps; step++)
            Denoise(latents, hidden, 999f - step * (999f / steps));
        using var input = OrtValue.CreateTensorValueFromMemory(latents, _latentShape);
        using var pixels = _vae.Run(_run, ["latent_sample"], [input], ["sample"]);
    }

    public void Dispose()
    {
        _text.Dispose();
        _unet.Dispose();
        _vae.Dispose();
        _run.Dispose();
    }

    private OrtValue Encode()
    {
        var ids = new int[2 * _window];
        Array.Fill(ids, 629);
        (ids[0], ids[_window]) = (628, 628);
        var isLong = _text.InputMetadata["input_ids"].ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int64;
        using var input = isLong
            ? OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(ids, i => (long)i), [2, _window])
            : OrtValue.CreateTensorValueFromMemory(ids, [2, _window]);
        return _text.Run(_run, ["input_ids"], [input], ["last_hidden_state"])[0];
    }

    private void Denoise(float[] latents, OrtValue hidden, float timestep)
    {
        float[] rows = [.. latents, .. latents];
        using var sample = OrtValue.CreateTensorValueFromMemory(rows, [2, .. _latentShape[1..]]);
        using var time = OrtValue.CreateTensorValueFromMemory(new[] { timestep, timestep }, [2]);
        using var outputs = _unet.Run(_run, ["sample", "timestep", "encoder_hidden_states"], [sample, time, hidden], ["out_sample"]);
        var prediction = outputs[0].GetTensorDataAsSpan<float>();
        for (var i = 0; i < latents.Length; i++)
        {
            var guided = prediction[i] + 4f * (prediction[latents.Length + i] - prediction[i]);
            latents[i] = 0.99f * latents[i] - 0.05f * guided;
        }
    }
}
