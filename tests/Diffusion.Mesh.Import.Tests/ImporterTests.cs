using System.Globalization;
using System.Runtime.InteropServices;
using Diffusion.Mesh.Import.Onnx;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Testing;
using Diffusion.Mesh.Tokenization;

namespace Diffusion.Mesh.Import.Tests;

[Trait("Category", "Shared")]
public sealed class ImporterTests : IImportObserver, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private double _done;

    void IImportObserver.Recognized(IReadOnlyList<string> evidence) => Assert.NotEmpty(evidence);

    void IImportObserver.Progress(double done) => _done = done;

    public void Dispose() => _folder.Dispose();

    [SharedFact]
    public void Import_FolderAndSingleFile_EqualBits()
    {
        foreach (var family in new[] { "sd15", "sd21", "sdxl" })
        {
            Import(new ImportRequest(TinyCheckpoints.Folder(family), _folder[family]));
            Assert.Equal(1, _done);
            Import(new ImportRequest(TinyCheckpoints.Single(family), _folder[$"{family}-single"]) { Config = TinyCheckpoints.Folder(family) });

            // The revision is over every byte of the parts.
            Assert.Equal(ModelFolder.Read(_folder[family]).Revision, ModelFolder.Read(_folder[$"{family}-single"]).Revision);
        }
    }

    [SharedFact]
    public void Import_Concept_TokensAndRows()
    {
        var vectors = Enumerable.Range(0, 128).Select(i => i / 64f).ToArray();
        var concept = new SafetensorsWriter().Add("<toy>", vectors, 2, 64).Save(_folder["learned_embeds.safetensors"]);

        Import(new ImportRequest(TinyCheckpoints.Folder("sd15"), _folder["m"]) { Embeddings = [concept] });

        var plain = ClipTokenizer.Load(Path.Combine(TinyCheckpoints.Folder("sd15"), "tokenizer"));
        var tokenizer = ClipTokenizer.Load(Path.Combine(_folder["m"], "tokenizer"));
        Assert.Equal([.. plain.Tokenize("a photo of"), 630, 631, .. plain.Tokenize("on grass")], tokenizer.Tokenize("a photo of <Toy> on grass"));
        Assert.Equal<int>(plain.Encode("nothing learned").Ids, tokenizer.Encode("nothing learned").Ids);

        var graph = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(_folder["m"], "text_encoder", "model.onnx"))).Graph;
        var table = graph.Initializer.Single(i => i.Dims.SequenceEqual([632L, 64]));
        var place = table.ExternalData.ToDictionary(d => d.Key, d => d.Value);
        var bytes = File.ReadAllBytes(Path.Combine(_folder["m"], "text_encoder", place["location"])).AsSpan(int.Parse(place["offset"], CultureInfo.InvariantCulture));
        Assert.Equal(vectors, MemoryMarshal.Cast<byte, float>(bytes)[(630 * 64)..(632 * 64)].ToArray());
    }

    [SharedFact]
    public void Import_NoTokenizer_SaysWhereOneComesFrom() =>
        Rejects(new ImportRequest(TinyCheckpoints.Single("sd15"), _folder["m"]) { Family = "sd15" }, "give --tokenizer");

    [SharedFact]
    public void Import_UnknownWidths_AsksForTheFamily() =>
        Rejects(new ImportRequest(TinyCheckpoints.Single("sd15"), _folder["m"]), "give --family, or --config");

    [SharedFact]
    public void Import_NotFinite_NamesTheTensorAndLeavesNothing()
    {
        var bytes = File.ReadAllBytes(TinyCheckpoints.Single("sd15"));
        // The end of the last tensor, as float16.
        bytes.AsSpan(^64).Fill(0xFF);
        var path = _folder.Write("broken.safetensors", bytes);

        Rejects(new ImportRequest(path, _folder["models/m"]) { Config = TinyCheckpoints.Folder("sd15") }, "is not finite: element ");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["models"]));
    }

    [SharedFact]
    public void Import_Truncated_LeavesNothing()
    {
        var path = _folder.Write("cut.safetensors", File.ReadAllBytes(TinyCheckpoints.Single("sd15"))[..^1000]);

        Rejects(new ImportRequest(path, _folder["models/m"]) { Config = TinyCheckpoints.Folder("sd15") }, "is truncated");
        Assert.False(Directory.Exists(_folder["models"]));
    }

    [SharedFact]
    public void Import_OutputExists_IsLeftAlone()
    {
        Directory.CreateDirectory(_folder["m"]);

        Rejects(new ImportRequest(TinyCheckpoints.Folder("sd15"), _folder["m"]), "is there already");
        Assert.True(Directory.Exists(_folder["m"]));
    }

    [SharedFact]
    public void Import_Cancelled_LeavesNothing()
    {
        Assert.Throws<OperationCanceledException>(() => ModelImporter.Import(
            new ImportRequest(TinyCheckpoints.Folder("sd15"), _folder["models/m"]), this, new CancellationToken(canceled: true)));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["models"]));
    }

    private void Import(ImportRequest request) => ModelImporter.Import(request, this, CancellationToken.None);

    private void Rejects(ImportRequest request, string problem)
    {
        var message = Assert.Throws<ImportException>(() => Import(request)).Message;
        Assert.Contains(problem, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.EndsWith(".", message, StringComparison.Ordinal);
    }
}
