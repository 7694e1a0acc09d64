using System.Collections.Concurrent;
using Diffusion.Mesh.V1;
using Xunit.Abstractions;

namespace Diffusion.Mesh.Tests;

/// <summary>Whether the pictures show what the prompts say.</summary>
[Collection(MeshCollection.Name)]
public sealed class QualityTests(MeshFixture mesh, ITestOutputHelper output)
{
    private const int Prompts = 96;

    // What the card says of the model under diffusers. At this number of prompts chance moves a share by about 0.05.
    private const double LeastOne = 0.84;
    private const double LeastAll = 0.73;

    [Fact]
    public async Task Generate_DrawnPrompts_ShowsWhatTheySay()
    {
        var random = new Random(20);
        var scenes = Enumerable.Range(0, Prompts).Select(_ => Scene.Draw(random)).ToArray();
        var verdicts = new ConcurrentBag<(bool IsOne, Verdict Verdict)>();
        await Parallel.ForEachAsync(scenes.Index(), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (entry, _) =>
        {
            var pictures = await mesh.Generation.PicturesAsync(new GenerateRequest
            {
                Model = mesh.Model.Name,
                Prompt = entry.Item.Prompt,
                Seed = (ulong)entry.Index,
                GuidanceScale = 4,
                Schedule = new Schedule { Steps = 20 },
            });
            verdicts.Add((entry.Item.Objects.Count == 1, Checker.Check(Assert.Single(pictures), entry.Item)));
        });

        var one = Report("one object", [.. verdicts.Where(v => v.IsOne).Select(v => v.Verdict)]);
        var all = Report("one or two objects", [.. verdicts.Select(v => v.Verdict)]);
        Assert.True(one >= LeastOne, $"Of the pictures of one object {one:F2} are right; at least {LeastOne} must be.");
        Assert.True(all >= LeastAll, $"Of all pictures {all:F2} are right; at least {LeastAll} must be.");
    }

    private double Report(string what, IReadOnlyCollection<Verdict> verdicts)
    {
        var share = verdicts.Average(v => v.Right ? 1.0 : 0);
        output.WriteLine($"{what}: {verdicts.Count} prompts, right {share:F3}, with the shape {verdicts.Average(v => v.ShapesToo ? 1.0 : 0):F3}");
        return share;
    }
}
