using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Diffusion.Mesh.Import.Checkpoints;
using Diffusion.Mesh.Import.Recognition;
using Diffusion.Mesh.Import.Safetensors;
using Diffusion.Mesh.Import.Weights;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Import.Tests.Safetensors;

/// <summary>Broken files end in an <see cref="ImportException"/>, or are read. <c>MESH_FUZZ</c> sets how many.</summary>
public sealed class FuzzTests : IDisposable
{
    private const long MostAllocated = 32 << 20;

    private static readonly string[] Bait =
        ["0", "-1", "1e9", "9223372036854775807", "18446744073709551615", "\"", "{", "}", "[", "]", ",", "F16", "BOOL", "null", "\\ud800", "__metadata__"];

    private readonly TemporaryFolder _folder = new();

    private static int Cases =>
        int.Parse(Environment.GetEnvironmentVariable("MESH_FUZZ") is { Length: > 0 } told ? told : "500", CultureInfo.InvariantCulture);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_MutatedFiles_NeverWorseThanAnError()
    {
        var original = new SafetensorsWriter()
            .Metadata("format", "pt")
            .Add("model.diffusion_model.input_blocks.0.0.weight", new float[36], 1, 4, 3, 3)
            .AddHalf("cond_stage_model.transformer.text_model.embeddings.token_embedding.weight", new float[64], 8, 8)
            .Add("position_ids", "I64", new byte[16], 1, 2)
            .Add("l.weight", "F8_E4M3", new byte[6], 2, 3)
            .Add("l.weight_scale", [1, 2])
            .Add("empty", "BF16", [], 0, 7)
            .ToArray();
        for (var seed = 0; seed < Cases; seed++)
        {
            var path = _folder.Write("fuzz.safetensors", Mutate(original, new Random(seed)));
            Survives(seed, () =>
            {
                using var files = TensorFiles.Open(path);
                foreach (var tensor in files.Tensors.Values)
                    tensor.RequireFinite();
            });
            Survives(seed, () => SingleFile.Open(path).Dispose());
        }
    }

    [Fact]
    public void Recognize_MutatedNamesAndShapes_NeverWorseThanAnError()
    {
        var (_, tensors) = ShapeOnly.ReadHeader(Path.Combine(TestFolders.Goldens, "checkpoints", "headers", "sd15.json"));
        for (var seed = 0; seed < Cases / 10; seed++)
        {
            var mutated = Mutate(tensors, new Random(seed));
            Survives(seed, () => ModelRecognizer.Recognize(SingleFile.Split("fuzz", [], mutated), new RecognitionHints("sd15")));
        }
    }

    private static void Survives(int seed, Action read)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            read();
        }
        catch (ImportException e)
        {
            Assert.DoesNotContain('\n', e.Message);
        }
        catch (Exception e)
        {
            Assert.Fail($"Seed {seed}: {e}");
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(original);
        List<byte> bytes = [.. original];
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var place = random.Next(10) < 8 ? random.Next(Math.Min(bytes.Count, headerLength + 8)) : random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[place] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(place, bytes.Count - place);
                    break;
                case 2:
                    bytes.RemoveRange(place, Math.Min(random.Next(1, 30), bytes.Count - place));
                    break;
                case 3:
                    bytes.InsertRange(place, Encoding.UTF8.GetBytes(Bait[random.Next(Bait.Length)]));
                    break;
                case 4:
                    bytes.InsertRange(place, bytes.GetRange(place, Math.Min(random.Next(1, 100), bytes.Count - place)));
                    break;
                default:
                    var digits = Enumerable.Range(0, bytes.Count).Where(i => bytes[i] is >= (byte)'0' and <= (byte)'9').ToList();
                    if (digits.Count > 0)
                        bytes[digits[random.Next(digits.Count)]] = (byte)('0' + random.Next(10));
                    break;
            }

            if (bytes.Count == 0)
                break;
        }

        // Half of them keep a length that fits, so that what is behind it is reached.
        if (random.Next(2) == 0 && bytes.Count > 16)
        {
            var end = bytes.LastIndexOf((byte)'}');
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, Math.Max(0, end - 7));
            for (var i = 0; i < 8; i++)
                bytes[i] = length[i];
        }

        return [.. bytes];
    }

    private static Dictionary<string, StoredTensor> Mutate(Dictionary<string, StoredTensor> original, Random random)
    {
        var tensors = new Dictionary<string, StoredTensor>(original);
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var tensor = tensors.Values.ElementAt(random.Next(tensors.Count));
            tensors.Remove(tensor.Name);
            var dimensions = tensor.Shape.Dimensions;
            var (name, shape) = (tensor.Name, dimensions);
            switch (random.Next(4))
            {
                case 0:
                    continue;
                case 1 when dimensions.Length > 0:
                    shape = dimensions.SetItem(random.Next(dimensions.Length), random.Next(2) == 0 ? random.NextInt64() : random.Next(3));
                    break;
                case 2 when dimensions.Length > 0:
                    shape = dimensions.RemoveAt(random.Next(dimensions.Length));
                    break;
                default:
                    var place = random.Next(name.Length);
                    name = name.Remove(place, 1).Insert(place, ".0123456789abt"[random.Next(14)].ToString());
                    break;
            }

            tensors[name] = new ShapeOnly(name, new TensorShape([.. shape]), random.Next(20) == 0 ? StoredType.Int64 : tensor.Type);
        }

        return tensors;
    }
}
