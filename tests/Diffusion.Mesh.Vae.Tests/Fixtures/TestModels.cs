using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Vae.Tests;

/// <summary>A folder of models for the VAE alone: their UNets are never opened.</summary>
internal sealed class TestModels : IDisposable
{
    /// <summary>The default model's VAE: 8 channels, 16 pixels per latent.</summary>
    public const string Latent = "latent";

    /// <summary>The same without an encoder, and with a projection of its own: red is channel 0 plus 0.5.</summary>
    public const string DecoderOnly = "decoder-only";

    /// <summary>No VAE, three channels.</summary>
    public const string Colour = "colour";

    /// <summary>No VAE, one channel.</summary>
    public const string Grey = "grey";

    private static readonly string Shapes = Path.Combine(TestFolders.Repository, "models", "shapes");

    public TestModels()
    {
        Make(Latent, 8, "vae_decoder", "vae_encoder");
        Make(DecoderOnly, 8, "vae_decoder");
        File.WriteAllText(
            Path.Combine(Root, DecoderOnly, "vae_decoder", "latent_rgb_factors.json"),
            """{"factors": [[1,0,0],[0,0,0],[0,0,0],[0,0,0],[0,0,0],[0,0,0],[0,0,0],[0,0,0]], "bias": [0.5,0,0]}""");
        Make(Colour, 3);
        Make(Grey, 1);
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("mesh-vae-").FullName;

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private void Make(string name, int channels, params string[] parts)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Root, name));
        File.WriteAllText(Path.Combine(folder.FullName, "model_index.json"), "{}");
        var unet = folder.CreateSubdirectory("unet").FullName;
        File.WriteAllBytes(Path.Combine(unet, "model.onnx"), []);
        File.WriteAllText(
            Path.Combine(unet, "config.json"),
            $$"""{"in_channels": {{channels}}, "out_channels": {{channels}}, "block_out_channels": [8, 8], "sample_size": 16}""");
        Link(folder, "scheduler", "scheduler_config.json");
        foreach (var part in parts)
        {
            Link(folder, part, "config.json");
            Link(folder, part, "model.onnx");
        }
    }

    private static void Link(DirectoryInfo folder, string part, string file) => File.CreateSymbolicLink(
        Path.Combine(folder.CreateSubdirectory(part).FullName, file), Path.Combine(Shapes, part, file));
}
