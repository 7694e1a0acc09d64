using System.Globalization;
using Diffusion.Mesh.Import.Adapters;
using Diffusion.Mesh.Import.Checkpoints;
using Diffusion.Mesh.Import.Recognition;
using Diffusion.Mesh.Import.Weights;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Import.Tests.Adapters;

/// <summary>Random adapters in every naming and kind, against the formula in float64.</summary>
public sealed class LoraTests : IDisposable
{
    private const float Base = 0.02f;
    private const string ToQ = "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.weight";
    private const string Layer = "text_model.encoder.layers.3.";

    private static readonly Dictionary<string, RecognizedModel> Models = [];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("sd15", "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q", ".lora_down.weight", ".lora_up.weight", "unet", ToQ)]
    [InlineData("sdxl-base", "lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q", ".lora_down.weight", ".lora_up.weight", "unet", ToQ)]
    [InlineData("sdxl-base", "lora_unet_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q", ".lora_down.weight", ".lora_up.weight", "unet", ToQ)]
    [InlineData("sd15", "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.processor.to_q_lora", ".down.weight", ".up.weight", "unet", ToQ)]
    [InlineData("sd15", "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.lora", ".down.weight", ".up.weight", "unet", ToQ)]
    [InlineData("sd15", "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q", ".lora_A.weight", ".lora_B.weight", "unet", ToQ)]
    [InlineData("sd15", "base_model.model.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q", ".lora_A.default.weight", ".lora_B.default.weight", "unet", ToQ)]
    [InlineData("sd21", "diffusion_model.input_blocks.4.1.transformer_blocks.0.attn1.to_q", ".lora_down.weight", ".lora_up.weight", "unet", ToQ)]
    [InlineData("sd15", "lora_unet_time_embed_0", ".lora_down.weight", ".lora_up.weight", "unet", "time_embedding.linear_1.weight")]
    [InlineData("sd15", "lora_te_text_model_encoder_layers_3_self_attn_q_proj", ".lora_down.weight", ".lora_up.weight", "text_encoder", Layer + "self_attn.q_proj.weight")]
    [InlineData("sdxl-base", "lora_te1_text_model_encoder_layers_3_mlp_fc1", ".lora_down.weight", ".lora_up.weight", "text_encoder", Layer + "mlp.fc1.weight")]
    [InlineData("sdxl-base", "lora_te2_text_model_encoder_layers_3_self_attn_k_proj", ".lora_down.weight", ".lora_up.weight", "text_encoder_2", Layer + "self_attn.k_proj.weight")]
    [InlineData("sd21", "text_encoder.text_model.encoder.layers.3.self_attn.v_proj.lora_linear_layer", ".down.weight", ".up.weight", "text_encoder", Layer + "self_attn.v_proj.weight")]
    [InlineData("sd15", "lora_unet_down_blocks_0_attentions_0_proj_in", ".lora_down.weight", ".lora_up.weight", "unet", "down_blocks.0.attentions.0.proj_in.weight")]
    [InlineData("sdxl-base", "lora_unet_output_blocks_2_2_conv", ".lora_down.weight", ".lora_up.weight", "unet", "up_blocks.0.upsamplers.0.conv.weight")]
    public void Merge_LowRank_EveryNaming(string header, string module, string downName, string upName, string part, string tensor)
    {
        var shape = Tensor(Model(header), part, tensor).Shape;
        var (o, n, r) = ((int)shape[0], (int)shape.RowLength, 3);
        var (down, up) = (Values(1, r * n), Values(2, o * r));
        var kernel = shape.Rank == 4 ? shape[2] : 1;
        var file = new SafetensorsWriter()
            .Add(module + downName, down, kernel == 1 ? [r, n] : [r, n / kernel / kernel, kernel, kernel])
            .Add(module + upName, up, kernel == 1 ? [o, r] : [o, r, 1, 1]);
        var scale = 0.7;
        if (downName.StartsWith(".lora_down", StringComparison.Ordinal))
        {
            file.Add($"{module}.alpha", [2f], []);
            scale *= 2.0 / r;
        }

        var merged = Merge(header, part, tensor, (file, 0.7));

        Verify(merged, (row, column) => scale * Enumerable.Range(0, r).Sum(k => (double)up[(row * r) + k] * down[(k * n) + column]), n);
    }

    [Fact]
    public void Merge_TwoFilesAtOnce_AddUpWithTheirOwnRanks()
    {
        const string module = "unet.down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k";
        var (up1, down1, up2, down2) = (Values(1, 320 * 2), Values(2, 2 * 768), Values(3, 320), Values(4, 768));
        var first = new SafetensorsWriter().Add($"{module}.lora_A.weight", down1, 2, 768).Add($"{module}.lora_B.weight", up1, 320, 2)
            .Metadata("lora_adapter_metadata", """{"unet.r": 4, "unet.lora_alpha": 8, "unet.alpha_pattern": {"attn2.to_k": 6}}""");
        var second = new SafetensorsWriter().Add($"{module}.lora_A.weight", down2, 1, 768).Add($"{module}.lora_B.weight", up2, 320, 1);

        var merged = Merge("sd15", "unet", "down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight", (first, 0.5), (second, -2));

        Verify(
            merged,
            (row, column) => (0.5 * 6 / 2 * (((double)up1[row * 2] * down1[column]) + ((double)up1[(row * 2) + 1] * down1[768 + column])))
                - (2.0 * up2[row] * down2[column]),
            768);
    }

    [Fact]
    public void Merge_TuckerCore_Formula()
    {
        const string module = "lora_unet_down_blocks_0_resnets_0_conv1";
        const int r = 2;
        var (up, core, down) = (Values(1, 320 * r), Values(2, r * r * 9), Values(3, r * 320));
        var file = new SafetensorsWriter()
            .Add($"{module}.lora_up.weight", up, 320, r, 1, 1)
            .Add($"{module}.lora_mid.weight", core, r, r, 3, 3)
            .Add($"{module}.lora_down.weight", down, r, 320, 1, 1)
            .Add($"{module}.alpha", [1f], []);

        var merged = Merge("sd15", "unet", "down_blocks.0.resnets.0.conv1.weight", (file, 1));

        Verify(
            merged,
            (o, column) =>
            {
                var (i, yx) = Math.DivRem(column, 9);
                var sum = 0.0;
                for (var p = 0; p < r; p++)
                {
                    for (var q = 0; q < r; q++)
                        sum += (double)up[(o * r) + p] * core[(((p * r) + q) * 9) + yx] * down[(q * 320) + i];
                }

                return sum / r;
            },
            2880);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Merge_LoHa_Formula(bool withCores)
    {
        const string module = "lycoris_unet_down_blocks_0_resnets_0_conv2";
        const int r = 2;
        var (a1, b1, a2, b2) = (Values(1, 320 * r), Values(2, r * (withCores ? 320 : 2880)), Values(3, 320 * r), Values(4, r * (withCores ? 320 : 2880)));
        var (t1, t2) = (Values(5, r * r * 9), Values(6, r * r * 9));
        long[] outer = withCores ? [r, 320] : [320, r];
        long[] inner = withCores ? [r, 320] : [r, 2880];
        var file = new SafetensorsWriter()
            .Add($"{module}.hada_w1_a", a1, outer).Add($"{module}.hada_w1_b", b1, inner)
            .Add($"{module}.hada_w2_a", a2, outer).Add($"{module}.hada_w2_b", b2, inner)
            .Add($"{module}.alpha", [4f], []);
        if (withCores)
            file.Add($"{module}.hada_t1", t1, r, r, 3, 3).Add($"{module}.hada_t2", t2, r, r, 3, 3);

        var merged = Merge("sd15", "unet", "down_blocks.0.resnets.0.conv2.weight", (file, 1));

        Verify(merged, (o, column) => 4.0 / r * Product(a1, b1, t1, o, column) * Product(a2, b2, t2, o, column), 2880);

        double Product(float[] a, float[] b, float[] t, int o, int column)
        {
            if (!withCores)
                return Enumerable.Range(0, r).Sum(k => (double)a[(o * r) + k] * b[(k * 2880) + column]);
            var (i, yx) = Math.DivRem(column, 9);
            var sum = 0.0;
            for (var p = 0; p < r; p++)
            {
                for (var q = 0; q < r; q++)
                    sum += (double)t[(((p * r) + q) * 9) + yx] * a[(p * 320) + o] * b[(q * 320) + i];
            }

            return sum;
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Merge_LoKr_Formula(bool factored, bool convolution)
    {
        var (module, tensor) = convolution
            ? ("lora_unet_down_blocks_0_resnets_0_conv1", "down_blocks.0.resnets.0.conv1.weight")
            : ("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q", "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.weight");
        const int r = 2;
        var kernel = convolution ? 9 : 1;
        // 320 = 8 x 40, both ways.
        var w1 = Values(1, 8 * 8);
        var (w2, a, b) = (Values(2, 40 * 40 * kernel), Values(3, 40 * r), Values(4, r * 40 * kernel));
        var file = new SafetensorsWriter().Add($"{module}.lokr_w1", w1, 8, 8).Add($"{module}.alpha", [3f], []);
        if (factored)
            file.Add($"{module}.lokr_w2_a", a, 40, r).Add($"{module}.lokr_w2_b", b, r, 40 * kernel);
        else
            file.Add($"{module}.lokr_w2", w2, convolution ? [40, 40, 3, 3] : [40, 40]);

        var merged = Merge("sd15", "unet", tensor, (file, 0.5));

        Verify(
            merged,
            (o, column) =>
            {
                var (i, yx) = Math.DivRem(column, kernel);
                var left = (double)w1[(o / 40 * 8) + (i / 40)];
                var at = (i % 40 * kernel) + yx;
                return factored
                    ? 0.5 * 3 / r * left * Enumerable.Range(0, r).Sum(k => (double)a[(o % 40 * r) + k] * b[(k * 40 * kernel) + at])
                    : 0.5 * left * w2[(o % 40 * 40 * kernel) + at];
            },
            320 * kernel);
    }

    [Fact]
    public void Merge_WholeDifferences_WeightAndBias()
    {
        const string module = "lora_unet_conv_out";
        var (weight, bias) = (Values(1, 4 * 320 * 9), Values(2, 4));
        var file = new SafetensorsWriter().Add($"{module}.diff", weight, 4, 320, 3, 3).Add($"{module}.diff_b", bias);

        Verify(Merge("sd15", "unet", "conv_out.weight", (file, 2)), (o, column) => 2.0 * weight[(o * 2880) + column], 2880);
        Verify(Merge("sd15", "unet", "conv_out.bias", (file, 2)), (o, _) => 2.0 * bias[o], 1);
    }

    [Fact]
    public void Apply_UnknownKey_IsAnErrorUnlessAllowed()
    {
        var path = LowRank("lora_unet_conv_out", 4, 2880).Add("lora_unet_nowhere.lora_down.weight", [1f], 1, 1).Save(_folder["l.safetensors"]);
        using var merge = new LoraMerge();

        var message = Assert.Throws<ImportException>(() => merge.Apply(Model("sd15"), [(path, 1)], allowUnmatched: false)).Message;
        var model = merge.Apply(Model("sd15"), [(path, 1)], allowUnmatched: true);

        Assert.Contains("'lora_unet_nowhere.lora_down.weight'", message, StringComparison.Ordinal);
        Assert.Contains(model.Evidence, e => e.Contains("1 modules, 1 keys left out", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("lora_unet_elsewhere", 4, 2880, "fits nothing")]
    [InlineData("lora_unet_conv_out", 4, 2881, "do not fit a weight of [4, 320, 3, 3]")]
    [InlineData("lora_unet_conv_out", 5, 2880, "do not fit a weight of [4, 320, 3, 3]")]
    public void Apply_DoesNotFit_OneSentence(string module, int outputs, int inputs, string problem)
    {
        var path = LowRank(module, outputs, inputs).Save(_folder["l.safetensors"]);
        using var merge = new LoraMerge();

        var message = Assert.Throws<ImportException>(() => merge.Apply(Model("sd15"), [(path, 1)], allowUnmatched: true)).Message;

        Assert.Contains(problem, message, StringComparison.Ordinal);
    }

    private static SafetensorsWriter LowRank(string module, int outputs, int inputs) => new SafetensorsWriter()
        .Add($"{module}.lora_down.weight", new float[inputs], 1, inputs)
        .Add($"{module}.lora_up.weight", new float[outputs], outputs, 1);

    private static float[] Values(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) * 0.2f)];
    }

    /// <summary>Real sizes, and weights that are all the same.</summary>
    private static RecognizedModel Model(string header)
    {
        if (!Models.TryGetValue(header, out var model))
        {
            var (_, tensors) = ShapeOnly.ReadHeader(Path.Combine(TestFolders.Goldens, "checkpoints", "headers", $"{header}.json"));
            Models[header] = model = ModelRecognizer.Recognize(SingleFile.Split("model", [], tensors), new RecognitionHints());
        }

        return model;
    }

    private static StoredTensor Tensor(RecognizedModel model, string part, string tensor) => model.Parts.Single(p => p.Name == part).Tensors[tensor];

    private float[] Merge(string header, string part, string tensor, params (SafetensorsWriter File, double Weight)[] loras)
    {
        using var merge = new LoraMerge();
        var paths = loras.Select((l, i) => (l.File.Save(_folder[string.Create(CultureInfo.InvariantCulture, $"{Guid.NewGuid():N}-{i}.safetensors")]), l.Weight));
        var merged = Tensor(merge.Apply(Model(header), [.. paths], allowUnmatched: false), part, tensor);

        // In pieces that end within rows, as weights are written.
        var values = new float[merged.Count];
        const int piece = 100_001;
        for (var start = 0; start < values.Length; start += piece)
            merged.Read(start, values.AsSpan(start, Math.Min(piece, values.Length - start)));
        return values;
    }

    private static void Verify(float[] merged, Func<int, int, double> delta, int columns)
    {
        for (var i = 0; i < merged.Length; i += i % 7 == 0 ? 1 : 13)
        {
            var expected = Base + delta(i / columns, i % columns);
            if (Math.Abs(merged[i] - expected) > 1e-6)
                Assert.Fail($"Element {i} is {merged[i]} where {expected} is expected.");
        }
    }
}
