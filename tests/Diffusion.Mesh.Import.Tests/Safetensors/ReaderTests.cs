using System.Text;
using Diffusion.Mesh.Import.Safetensors;

namespace Diffusion.Mesh.Import.Tests.Safetensors;

public sealed class ReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("F32", new byte[] { 0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0 }, new[] { 1.5f, -2f })]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0xF8, 0x3F }, new[] { 1.5f })]
    [InlineData("F16", new byte[] { 0x00, 0x3E, 0x01, 0x00 }, new[] { 1.5f, 5.9604645e-8f })]
    [InlineData("BF16", new byte[] { 0xC0, 0x3F, 0x80, 0x7E }, new[] { 1.5f, 8.507059e37f })]
    [InlineData("F8_E4M3", new byte[] { 0x01, 0x07, 0x08, 0x38, 0x7E, 0xB8 }, new[] { 0.001953125f, 0.013671875f, 0.015625f, 1, 448, -1 })]
    [InlineData("F8_E5M2", new byte[] { 0x01, 0x3C, 0xBC, 0x7B }, new[] { 1.5258789e-5f, 1, -1, 57344 })]
    public void Read_StoredType_ExactValues(string type, byte[] bytes, float[] expected)
    {
        // A name of odd length puts the data at an odd place.
        var path = new SafetensorsWriter().Add("odd", type, bytes, expected.Length).Save(_folder["a.safetensors"]);

        using var file = SafetensorsFile.Open(path);

        Assert.Equal(expected, file.Tensors["odd"].ReadAll());
    }

    [Fact]
    public void Read_Range_ItsElementsAndItsPlaceInTheFile()
    {
        var path = new SafetensorsWriter().Add("first", [1, 2, 3]).Add("second", [4, 5, 6, 7], 2, 2).Save(_folder["a.safetensors"]);
        using var file = SafetensorsFile.Open(path);
        var tensor = file.Tensors["second"];

        var values = new float[2];
        tensor.Read(1, values);

        Assert.Equal([5, 6], values);
        Assert.Equal("[2, 2]", tensor.Shape.ToString());
        var extent = tensor.Extent!;
        Assert.Equal(4, BitConverter.ToSingle(File.ReadAllBytes(extent.Path), (int)extent.Offset));
        Assert.Equal(16, extent.Length);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Read_NotFinite_TensorIsNamed(float wrong)
    {
        var values = new float[1000];
        values[777] = wrong;
        using var file = SafetensorsFile.Open(new SafetensorsWriter().Add("broken.weight", values).Save(_folder["a.safetensors"]));

        var message = Assert.Throws<ImportException>(file.Tensors["broken.weight"].RequireFinite).Message;

        Assert.Contains("'broken.weight' is not finite: element 777", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,16]}}""", "do not fit its shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[5],"data_offsets":[0,20]}}""", "truncated: the tensor 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "no tensor, at its end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", "no tensor, before 'a'")]
    [InlineData("""{"a":{"dtype":"F31","shape":[4],"data_offsets":[0,16]}}""", "unknown type 'F31'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-4],"data_offsets":[0,16]}}""", "whole numbers of 0 or more")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[16,0]}}""", "ends before it begins")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967297],"data_offsets":[0,16]}}""", "do not fit its shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,99999999999999999999]}}""", "whole numbers of 0 or more")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "declares 'a' twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4]}}""", "without its dtype, shape or data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}} more""", "not valid JSON")]
    [InlineData("[]", "not a JSON object")]
    public void Open_WrongHeader_OneSentence(string header, string problem) =>
        Rejects(SafetensorsWriter.Compose(header, new byte[16]), problem);

    [Fact]
    public void Open_HeaderOverTheFilesEnd_IsTruncated() =>
        Rejects([0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0, .. "{}"u8], "truncated");

    [Theory]
    [InlineData("PK\u0003\u0004................", "pickle")]
    [InlineData("GGUF................", "GGUF")]
    [InlineData("version https://git-lfs.github.com/spec/v1", "Git LFS")]
    [InlineData("", "is empty")]
    [InlineData("abc", "truncated")]
    public void Open_AnotherKindOfFile_IsNamed(string content, string problem) => Rejects(Encoding.Latin1.GetBytes(content), problem);

    [Fact]
    public void Open_OldPickle_IsNamed() => Rejects([0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9], "pickle");

    [Fact]
    public void Open_Shards_AllTensors()
    {
        new SafetensorsWriter().Add("a", [1]).Save(_folder["m-00001-of-00002.safetensors"]);
        new SafetensorsWriter().Add("b", [2]).Save(_folder["m-00002-of-00002.safetensors"]);
        var index = Index("""{"a":"m-00001-of-00002.safetensors","b":"m-00002-of-00002.safetensors"}""");

        using var files = TensorFiles.Open(index);

        Assert.Equal([2f], files.Tensors["b"].ReadAll());
        Assert.Equal(2, files.Tensors.Count);
    }

    [Theory]
    [InlineData("""{"a":"../elsewhere.safetensors"}""", "no .safetensors file beside it")]
    [InlineData("""{"a":"/etc/passwd"}""", "no .safetensors file beside it")]
    [InlineData("""{"a":"one.safetensors","b":"one.safetensors"}""", "lacks the tensor 'b'")]
    [InlineData("""{"a":"missing.safetensors"}""", "does not exist")]
    [InlineData("{}", "has no 'weight_map'")]
    public void Open_WrongShards_OneSentence(string map, string problem)
    {
        new SafetensorsWriter().Add("a", [1]).Save(_folder["one.safetensors"]);
        var index = Index(map);

        Assert.Contains(problem, Assert.Throws<ImportException>(() => TensorFiles.Open(index)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ScaledFloat8_IsMultiplied()
    {
        var path = new SafetensorsWriter()
            .Add("l.weight", "F8_E4M3", [0x38, 0x40, 0x38, 0x40], 2, 2)
            .Add("l.weight_scale", [10, 100])
            .Save(_folder["a.safetensors"]);

        using var files = TensorFiles.Open(path);

        Assert.Equal([10, 20, 100, 200], files.Tensors["l.weight"].ReadAll());
        Assert.Equal(["l.weight"], files.Tensors.Keys);
        Assert.Null(files.Tensors["l.weight"].Extent);
    }

    private string Index(string map) =>
        _folder.Write("m.safetensors.index.json", Encoding.UTF8.GetBytes($$"""{"metadata":{},"weight_map":{{map}}}"""));

    private void Rejects(byte[] bytes, string problem)
    {
        var path = _folder.Write("a.safetensors", bytes);
        var message = Assert.Throws<ImportException>(() => SafetensorsFile.Open(path)).Message;
        Assert.StartsWith($"'{path}' ", message, StringComparison.Ordinal);
        Assert.Contains(problem, message, StringComparison.Ordinal);
    }
}
