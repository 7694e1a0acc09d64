namespace Diffusion.Mesh.Import.Safetensors;

/// <summary>Tells other kinds of weight files by their first bytes.</summary>
internal static class ForeignFormat
{
    private const string Pickle = "is a pickle (.ckpt, .pt or .bin), which can run any code when it is read; get the model as .safetensors";

    /// <summary>What the file is, as the end of a sentence; null where it may be a safetensors file.</summary>
    public static string? Find(ReadOnlySpan<byte> start) => start switch
    {
        [] => "is empty",
        [(byte)'P', (byte)'K', 3, 4, ..] => Pickle,
        // Protocol 2 and later, where it cannot be the length of a header.
        [0x80, >= 2 and <= 5, _, _, _, _, _, not 0, ..] => Pickle,
        [(byte)'G', (byte)'G', (byte)'U', (byte)'F', ..] => "is a GGUF file of quantized weights; get the model as .safetensors",
        [(byte)'v', (byte)'e', (byte)'r', (byte)'s', (byte)'i', (byte)'o', (byte)'n', (byte)' ', ..] =>
            "is a Git LFS pointer, not the file itself; download the file",
        _ => null,
    };
}
