using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;

namespace Diffusion.Mesh.Unet.Tests;

/// <summary>Makes the UNet's inputs of a call, as diffusers' pipelines do.</summary>
internal static class GoldenConditioning
{
    /// <summary>Of the guided row.</summary>
    public static Conditioning Positive(GoldenCall call, ModelFacts model) => Make(call, model, call.Prompt, isZero: false);

    /// <summary>Of the unguided row, or null where there is none.</summary>
    public static Conditioning? Negative(GoldenCall call, ModelFacts model) =>
        call.GuidanceScale > 1 && model.Unet.GuidanceEmbeddingWidth == 0
            ? Make(call, model, call.NegativePrompt, isZero: call.NegativePrompt.Length == 0 && model.ZeroEmptyNegative)
            : null;

    private static Conditioning Make(GoldenCall call, ModelFacts model, string text, bool isZero)
    {
        var conditioning = new Conditioning();
        if (model.Unet.TakesSizes)
            AddTwoTowers(conditioning, call, model, text, isZero);
        else
            AddOneTower(conditioning, model, text);
        if (model.Unet.GuidanceEmbeddingWidth is > 0 and var width)
            Add(conditioning, "timestep_cond", GuidanceEmbedding(call.GuidanceScale, width), [1, width]);
        return conditioning;
    }

    private static void AddOneTower(Conditioning conditioning, ModelFacts model, string text)
    {
        using var tower = new TextTower(model, model.TextTowers[0]);
        var (hidden, shape) = tower.Encode(text, "last_hidden_state");
        Add(conditioning, "encoder_hidden_states", hidden, shape);
    }

    private static void AddTwoTowers(Conditioning conditioning, GoldenCall call, ModelFacts model, string text, bool isZero)
    {
        using var first = new TextTower(model, model.TextTowers[0]);
        using var second = new TextTower(model, model.TextTowers[1]);
        var (hidden1, shape1) = first.EncodePenultimate(text);
        var (hidden2, shape2) = second.EncodePenultimate(text);
        var (pooled, pooledShape) = second.Encode(text, "text_embeds");
        float[] hidden =
        [
            .. Enumerable.Range(0, shape1[1]).SelectMany(token =>
                hidden1.Skip(token * shape1[2]).Take(shape1[2]).Concat(hidden2.Skip(token * shape2[2]).Take(shape2[2]))),
        ];
        if (isZero)
        {
            Array.Clear(hidden);
            Array.Clear(pooled);
        }

        Add(conditioning, "encoder_hidden_states", hidden, [1, shape1[1], shape1[2] + shape2[2]]);
        Add(conditioning, "text_embeds", pooled, pooledShape);
        Add(conditioning, "time_ids", [call.Height, call.Width, 0, 0, call.Height, call.Width], [1, 6]);
    }

    // diffusers' get_guidance_scale_embedding.
    private static float[] GuidanceEmbedding(double scale, int width)
    {
        var half = width / 2;
        var angles = Enumerable.Range(0, half).Select(i => (scale - 1) * 1000 * Math.Exp(-Math.Log(10000) / (half - 1) * i)).ToArray();
        return [.. angles.Select(angle => (float)Math.Sin(angle)), .. angles.Select(angle => (float)Math.Cos(angle))];
    }

    private static void Add(Conditioning conditioning, string name, float[] values, int[] shape) =>
        conditioning.Tensors.Add(TensorData.From(values, shape).ToMessage(name));
}
