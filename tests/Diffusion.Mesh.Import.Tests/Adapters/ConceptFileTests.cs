using Diffusion.Mesh.Import.Adapters;
using Diffusion.Mesh.Import.Checkpoints;
using Diffusion.Mesh.Import.Recognition;
using Diffusion.Mesh.Import.Weights;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Import.Tests.Adapters;

public sealed class ConceptFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReadAll_TwoEncoders_VectorsForEach()
    {
        var path = new SafetensorsWriter().Add("clip_g", new float[2560], 2, 1280).Add("clip_l", new float[1536], 2, 768).Save(_folder["Big Cat.safetensors"]);

        var concept = Assert.Single(ConceptFile.ReadAll([path], Model("sdxl-base")));

        Assert.Equal(["Big Cat", "Big Cat_1"], concept.Tokens);
        Assert.Equal((768, 1280), (concept.Vectors["text_encoder"].Columns, concept.Vectors["text_encoder_2"].Columns));
    }

    [Theory]
    [InlineData("sd15", 1024, "no vectors of 768 numbers")]
    [InlineData("sdxl-base", 768, "no vectors of 1280 numbers")]
    public void ReadAll_AnotherFamilys_OneSentence(string header, int width, string problem)
    {
        var path = new SafetensorsWriter().Add("<toy>", new float[width]).Save(_folder["a.safetensors"]);

        Assert.Contains(problem, Assert.Throws<ImportException>(() => ConceptFile.ReadAll([path], Model(header))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadAll_OneNameTwice_OneSentence()
    {
        var first = new SafetensorsWriter().Add("<toy>", new float[1536], 2, 768).Save(_folder["a.safetensors"]);
        var second = new SafetensorsWriter().Add("emb_params", new float[768], 1, 768).Save(_folder["<toy>_1.safetensors"]);

        var message = Assert.Throws<ImportException>(() => ConceptFile.ReadAll([first, second], Model("sd15"))).Message;

        Assert.Contains("'<toy>_1'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Extend_TableLongerThanTheVocabulary_RowsAreTheTokens()
    {
        const string name = "text_model.embeddings.token_embedding.weight";
        var part = new CheckpointPart("text_encoder", new Dictionary<string, StoredTensor> { [name] = new ShapeOnly(name, new TensorShape(6, 2), value: 9) });
        var concept = new Concept("c", new Dictionary<string, Factor> { ["text_encoder"] = new([1, 2, 3, 4], 2) });

        Assert.Equal([9, 9, 9, 9, 9, 9, 9, 9, 1, 2, 3, 4], TokenTable.Extend(part, 4, [concept]).Tensors[name].ReadAll());
        Assert.Equal([9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 1, 2, 3, 4], TokenTable.Extend(part, 5, [concept]).Tensors[name].ReadAll());
        Assert.Equal([1, 2, 3, 4, 9, 9, 9, 9, 9, 9, 9, 9], TokenTable.Extend(part, 0, [concept]).Tensors[name].ReadAll());
    }

    private static RecognizedModel Model(string header)
    {
        var (_, tensors) = ShapeOnly.ReadHeader(Path.Combine(TestFolders.Goldens, "checkpoints", "headers", $"{header}.json"));
        return ModelRecognizer.Recognize(SingleFile.Split("model", [], tensors), new RecognitionHints());
    }
}
