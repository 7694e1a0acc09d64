using System.Globalization;
using System.Runtime.InteropServices;
using Diffusion.Mesh.Import.Weights;
using Google.Protobuf;
using Microsoft.Win32.SafeHandles;

namespace Diffusion.Mesh.Import.Onnx;

/// <summary>The file beside a graph that holds its weights, written piece by piece: no tensor is ever whole in memory.</summary>
/// <param name="folder">The part's folder.</param>
/// <param name="precision">What is written.</param>
/// <param name="link">Weights that lie in a file in the same type are pointed to, not copied.</param>
/// <param name="progress">Gets the bytes that were read, after each piece.</param>
internal sealed class WeightFile(string folder, Precision precision, bool link, Action<long>? progress) : IDisposable
{
    // Every system can map a file from such a place on.
    private const long Alignment = 64 << 10;
    private const long AlignedFrom = 1 << 20;
    private const int SmallAlignment = 64;

    // Shorter ones stay in the graph itself, where shapes are told from them too.
    private const long InlineBytes = 1 << 10;

    private readonly LinkedFiles _links = new(folder);
    private readonly float[] _values = new float[StoredTensor.Chunk];
    private readonly Half[] _halves = precision == Precision.Float16 ? new Half[StoredTensor.Chunk] : [];
    private SafeFileHandle? _file;
    private long _end;

    /// <summary>Writes a weight's numbers and notes in the graph where they are.</summary>
    /// <exception cref="ImportException">One of them is not finite.</exception>
    public void Add(GraphWeight weight)
    {
        var length = weight.Tensor.Count * precision.Size();
        if (length < InlineBytes)
            weight.Initializer.RawData = ByteString.CopyFrom(Read(weight.Tensor, 0, (int)weight.Tensor.Count));
        else if (link && weight.Tensor.Extent is { } extent && IsSame(weight.Tensor.Type))
            Link(weight, extent);
        else
            Copy(weight, length);
    }

    public void Dispose() => _file?.Dispose();

    private void Link(GraphWeight weight, FileExtent extent)
    {
        // Nothing else reads what is only pointed to.
        weight.Tensor.RequireFinite();
        Place(weight.Initializer, _links.NameOf(extent.Path), extent.Offset, extent.Length);
        progress?.Invoke(extent.Length);
    }

    private void Copy(GraphWeight weight, long length)
    {
        _file ??= File.OpenHandle(Path.Combine(folder, OnnxFile.Weights), FileMode.CreateNew, FileAccess.Write);
        var alignment = length >= AlignedFrom ? Alignment : SmallAlignment;
        var offset = (_end + alignment - 1) / alignment * alignment;
        _end = offset + length;
        Place(weight.Initializer, OnnxFile.Weights, offset, length);
        for (long start = 0; start < weight.Tensor.Count; start += _values.Length)
        {
            var bytes = Read(weight.Tensor, start, (int)Math.Min(_values.Length, weight.Tensor.Count - start));
            RandomAccess.Write(_file, bytes, offset + start * precision.Size());
        }
    }

    private ReadOnlySpan<byte> Read(StoredTensor tensor, long start, int count)
    {
        var values = _values.AsSpan(0, count);
        tensor.Read(start, values);
        progress?.Invoke((long)count * tensor.Type.Size());
        if (precision == Precision.Float32)
            return MemoryMarshal.AsBytes(values);
        var halves = _halves.AsSpan(0, count);
        HalfRounding.Round(values, halves);
        return MemoryMarshal.AsBytes(halves);
    }

    private bool IsSame(StoredType type) => type == (precision == Precision.Float16 ? StoredType.Float16 : StoredType.Float32);

    private static void Place(TensorProto initializer, string location, long offset, long length)
    {
        initializer.DataLocation = TensorProto.Types.DataLocation.External;
        initializer.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = location });
        initializer.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset.ToString(CultureInfo.InvariantCulture) });
        initializer.ExternalData.Add(new StringStringEntryProto { Key = "length", Value = length.ToString(CultureInfo.InvariantCulture) });
    }
}
