using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.TextEncoder.Tests;

/// <summary>A folder of models: the default one, the pipelines', and some put together from their parts. Gone with the tests.</summary>
internal sealed class TestModels : IDisposable
{
    /// <summary>The default model.</summary>
    public const string Shapes = "shapes";

    /// <summary>The default model without an image projection.</summary>
    public const string NoProjection = "no-projection";

    /// <summary>Two towers, both with hidden states.</summary>
    public const string Sdxl = "sdxl";

    /// <summary>One tower without hidden states.</summary>
    public const string Sd15 = "sd15";

    /// <summary>One tower with hidden states.</summary>
    public const string HiddenStates = "hidden-states";

    /// <summary>No tower.</summary>
    public const string NoTower = "no-tower";

    /// <summary>One tower with half-precision outputs.</summary>
    public const string Half = "half";

    public TestModels()
    {
        var shapes = Path.Combine(TestFolders.Repository, "models", "shapes");
        Link(Shapes, shapes);
        Link(NoProjection, shapes, "image_projection");
        foreach (var family in new[] { Sdxl, Sd15, Half })
            Link(family, GoldenFolder.Pipeline(family));
        Link(NoTower, GoldenFolder.Pipeline(Sd15), "text_encoder");
        Link(HiddenStates, GoldenFolder.Pipeline(Sd15), "text_encoder");
        Directory.CreateSymbolicLink(
            Path.Combine(Root, HiddenStates, "text_encoder"), Path.Combine(GoldenFolder.Pipeline(Sdxl), "text_encoder"));
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("mesh-text-encoder-").FullName;

    public ModelFacts Facts(string name) => ModelFolder.Read(Path.Combine(Root, name));

    public EncoderParts Load(string name) => EncoderParts.Load(Facts(name), new ExecutionOptions());

    /// <summary>A model of links to the parts of another, without one of them.</summary>
    public string Link(string name, string source, string? without = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Root, name)).FullName;
        foreach (var part in Directory.GetDirectories(source).Where(p => Path.GetFileName(p) != without))
            Directory.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(part)), part);
        // The index must not name what is not there.
        foreach (var file in Directory.GetFiles(source))
        {
            var text = File.ReadAllText(file);
            File.WriteAllText(Path.Combine(folder, Path.GetFileName(file)), without is null ? text : text.Replace($"\"{without}\"", "\"_left_out\""));
        }

        return folder;
    }

    // The links go, not what they lead to.
    public void Dispose() => Directory.Delete(Root, recursive: true);
}
