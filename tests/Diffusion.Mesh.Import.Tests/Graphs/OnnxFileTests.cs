using Diffusion.Mesh.Import.Onnx;
using Diffusion.Mesh.Import.Safetensors;
using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Tests;

public sealed class OnnxFileTests : IDisposable
{
    private const int Long = 300_000;
    private const int Short = 5;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mesh-weights-");

    [Fact]
    public void Write_LargeWeights_LieAlignedBesideTheGraph()
    {
        var model = Model(new DrawnTensor("odd", new TensorShape(1001)), new DrawnTensor("a.weight", new TensorShape(Long)));
        using var graph = new WrittenGraph(model);

        var places = model.Proto.Graph.Initializer.Select(weight => weight.ExternalData.ToDictionary(e => e.Key, e => e.Value)).ToList();
        Assert.All(places, place => Assert.Equal(OnnxFile.Weights, place["location"]));
        Assert.Equal("0", places[0]["offset"]);
        Assert.Equal("65536", places[1]["offset"]);
        Assert.Equal(65536 + 4 * Long, new FileInfo(Path.Combine(graph.Folder, OnnxFile.Weights)).Length);
        Assert.Equal(new DrawnTensor("a.weight", new TensorShape(Long)).ReadAll(), Run(graph, 1));
    }

    [Fact]
    public void Write_ShortWeight_LiesInTheGraph()
    {
        using var graph = new WrittenGraph(Model(new DrawnTensor("a", new TensorShape(Short))));

        Assert.False(File.Exists(Path.Combine(graph.Folder, OnnxFile.Weights)));
        Assert.Equal(new DrawnTensor("a", new TensorShape(Short)).ReadAll(), Run(graph, 0));
    }

    [Fact]
    public void Write_Link_PointsIntoTheCheckpoint()
    {
        // An odd header: nothing in the file is aligned.
        var values = Numbers.Draw(3, Long);
        var path = Checkpoint(values, "x ");
        using var file = SafetensorsFile.Open(path);
        using var graph = new WrittenGraph(Model(file.Tensors["x "]), link: true);

        Assert.Equal(values, Run(graph, 0));
        Assert.Equal(["model.onnx", "model.safetensors"], Directory.EnumerateFiles(graph.Folder).Select(f => Path.GetFileName(f)).Order());
    }

    [Fact]
    public void Write_NotFinite_NamesTheTensor()
    {
        var values = Numbers.Draw(3, Long);
        values[^1] = float.NaN;
        using var file = SafetensorsFile.Open(Checkpoint(values, "broken"));

        foreach (var link in new[] { false, true })
        {
            var target = _folder.CreateSubdirectory($"link-{link}").FullName;
            var error = Assert.Throws<ImportException>(
                () => OnnxFile.Write(Model(file.Tensors["broken"]), target, link, progress: null, CancellationToken.None));
            Assert.Contains("'broken'", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Round_BeyondHalfPrecision_StaysFiniteAndNearest()
    {
        float[] values = [1e6f, -65520, 65519, 1 + 1f / 2048, 1 + 3f / 2048, 1e-8f, -0.1f];
        var halves = new Half[values.Length];

        HalfRounding.Round(values, halves);

        Assert.Equal([65504f, -65504f, 65504f, 1f, 1 + 4f / 2048, 0f, (float)(Half)(-0.1f)], Array.ConvertAll(halves, half => (float)half));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A graph that adds each weight to an input of one number.</summary>
    private static OnnxModel Model(params StoredTensor[] tensors)
    {
        var builder = new GraphBuilder("sums", Precision.Float32);
        var input = builder.Input("x", 1);
        foreach (var (index, tensor) in tensors.Index())
            builder.Output($"y{index}", builder.Add(builder.Weight(tensor.Name, tensor, tensor.Count), input), tensor.Count);
        return builder.Build();
    }

    private static float[] Run(WrittenGraph graph, int index) => graph.Run([$"y{index}"], ("x", new float[1], [1]))[0];

    private string Checkpoint(float[] values, string name) =>
        new SafetensorsWriter().Add(name, values).Save(Path.Combine(_folder.FullName, "checkpoint.safetensors"));
}
