using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.Tests;

/// <summary>The revision names a model's numbers: any change of a part changes it, nothing else does.</summary>
public sealed class ModelRevisionTests : IDisposable
{
    private readonly ModelCopy _copy = new();

    [Fact]
    public void Of_CopyElsewhere_IsTheSame() =>
        Assert.Equal(ModelRevision.Of(Path.Combine(MeshFixture.ModelsRoot, ModelCopy.Name)), ModelRevision.Of(_copy.Folder));

    [Fact]
    public void Of_OneByteOfAnyPartChanged_IsAnother()
    {
        var seen = new HashSet<string> { ModelRevision.Of(_copy.Folder) };
        foreach (var path in _copy.PartFiles.ToArray())
        {
            var bytes = _copy.Read(path);
            bytes[bytes.Length / 2] ^= 1;
            _copy.Write(path, bytes);
            Assert.True(seen.Add(ModelRevision.Of(_copy.Folder)), $"{path} does not count.");
        }
    }

    [Fact]
    public void Of_PartRenamedAddedOrEmptied_IsAnother()
    {
        var seen = new HashSet<string> { ModelRevision.Of(_copy.Folder) };
        _copy.Write("unet/model.onnx_data", []);
        Assert.True(seen.Add(ModelRevision.Of(_copy.Folder)));
        _copy.Delete("unet/model.onnx_data");
        _copy.Write("vae_decoder/model.onnx_data", []);
        Assert.True(seen.Add(ModelRevision.Of(_copy.Folder)));
    }

    [Fact]
    public void Of_ReadmeOrDefaultsChanged_IsTheSame()
    {
        var before = ModelRevision.Of(_copy.Folder);
        _copy.Write("README.md", "Other words.");
        _copy.Write("mesh.json", """{ "steps": 5 }""");
        _copy.Write(".cache/download", "Left behind by a tool.");

        Assert.Equal(before, ModelRevision.Of(_copy.Folder));
    }

    // A sparse file: weights beside the graph are too large to be hashed whole.
    [Fact]
    public void Of_LargeWeights_CountsSamplesAndEnd()
    {
        const long size = ModelRevision.WholeBytes + (5 << 20);
        var path = Path.Combine(_copy.Folder, "unet", "model.onnx_data");
        var seen = new HashSet<string>();
        foreach (var offset in (long[])[0, 32 << 20, size - 1])
        {
            using (var file = File.Create(path))
            {
                file.SetLength(size);
                file.Position = offset;
                file.WriteByte(1);
            }

            Assert.True(seen.Add(ModelRevision.Of(_copy.Folder)), $"The byte at {offset} does not count.");
        }
    }

    public void Dispose() => _copy.Dispose();
}
