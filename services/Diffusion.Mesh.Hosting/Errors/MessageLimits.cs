using System.Collections.Frozen;

namespace Diffusion.Mesh.Hosting;

/// <summary>The largest request message of each method, in bytes. A method that is not listed takes <see cref="Small"/>.</summary>
public static class MessageLimits
{
    /// <summary>For requests of a few words.</summary>
    public const int Small = 64 << 10;

    /// <summary>A picture file and what goes with it.</summary>
    public const int PictureRequest = (32 << 20) + Small;

    /// <summary>A picture file with a mask, and another picture or latents.</summary>
    public const int PicturesRequest = (96 << 20) + Small;

    private static readonly FrozenDictionary<string, int> Requests = new Dictionary<string, int>
    {
        ["/diffusion.mesh.v1.Generation/Generate"] = PicturesRequest,
        ["/diffusion.mesh.v1.Generation/Submit"] = PicturesRequest,
        ["/diffusion.mesh.v1.TextEncoder/EncodeText"] = 4 << 20,
        ["/diffusion.mesh.v1.TextEncoder/EncodeImage"] = PictureRequest,
        // A state of 64 SDXL pictures with four history slots has about 80 MiB.
        ["/diffusion.mesh.v1.Unet/Denoise"] = 128 << 20,
        ["/diffusion.mesh.v1.Vae/Decode"] = PicturesRequest,
        ["/diffusion.mesh.v1.Vae/Encode"] = PicturesRequest,
    }.ToFrozenDictionary();

    /// <summary>The largest of all: what is read off the wire at most.</summary>
    public static int Largest { get; } = Requests.Values.Max();

    /// <summary>The limit of a method by its full name.</summary>
    public static int For(string method) => Requests.GetValueOrDefault(method, Small);
}
