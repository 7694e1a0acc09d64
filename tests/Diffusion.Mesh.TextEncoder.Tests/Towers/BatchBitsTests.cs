using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.TextEncoder.Tests;

/// <summary>An embedding is the same to the bit, whoever is encoded beside it: what the batching of requests rests on.</summary>
public sealed class BatchBitsTests
{
    private const int MaxRows = 16;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Encode_AnyBatchSizeAndPlace_GivesEqualBits(int threads)
    {
        string[] models = [Path.Combine(TestFolders.Repository, "models", "shapes"), .. GoldenFolder.Pipelines.Select(p => Path.Combine(p, "model"))];
        foreach (var model in models.Select(ModelFolder.Read))
        {
            foreach (var tower in model.TextTowers)
            {
                using var encoder = TextEncoderModel.Load(model, tower.Part, new ExecutionOptions { Threads = threads });
                AssertEqualBits(encoder, tower.Window, null);
                if (encoder.HiddenStates > 0)
                    AssertEqualBits(encoder, tower.Window, encoder.HiddenStates - 2);
            }
        }
    }

    private static void AssertEqualBits(TextEncoderModel encoder, int length, int? hiddenState)
    {
        var random = new Random(7);
        var windows = Enumerable.Range(0, MaxRows)
            .Select(_ => Enumerable.Range(0, length).Select(i => i == length - 1 ? 629 : random.Next(600)).ToArray()).ToArray();
        var alone = windows.Select(w => encoder.Encode([w], hiddenState)[0]).ToArray();
        for (var rows = 2; rows <= MaxRows; rows++)
        {
            // The first places and the last: each window comes to stand at several.
            foreach (var start in new[] { 0, MaxRows - rows })
            {
                var batch = encoder.Encode(windows[start..(start + rows)], hiddenState);
                for (var i = 0; i < rows; i++)
                {
                    Wire.AssertSameBits(alone[start + i].Hidden, batch[i].Hidden);
                    if (encoder.HasPooled)
                        Wire.AssertSameBits(alone[start + i].Pooled!, batch[i].Pooled!);
                }
            }
        }
    }
}
