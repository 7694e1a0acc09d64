using System.Text.Json;
using Diffusion.Mesh.Imaging;
using Xunit;

namespace Diffusion.Mesh.Vae.Tests;

/// <summary>One picture that Pillow made, out of pillow.json.</summary>
/// <param name="How">The filter, or how it was brought to size.</param>
internal sealed record PillowCase(string How, Picture Source, Picture Expected)
{
    public static JsonElement File { get; } =
        JsonDocument.Parse(System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Resizing", "pillow.json"))).RootElement;

    public static PillowCase Read(string list, int index)
    {
        var entry = File.GetProperty(list)[index];
        var (source, size) = (entry.GetProperty("source"), entry.GetProperty("size"));
        return new PillowCase(
            entry.GetProperty(list == "fits" ? "mode" : "filter").GetString()!,
            Pictures.Pattern(source[0].GetInt32(), source[1].GetInt32()),
            new Picture(size[0].GetInt32(), size[1].GetInt32(), entry.GetProperty("rgb").GetBytesFromBase64()));
    }

    /// <summary>Indices of a list, for a theory.</summary>
    public static TheoryData<int> Indices(string list) => [.. Enumerable.Range(0, File.GetProperty(list).GetArrayLength())];
}
