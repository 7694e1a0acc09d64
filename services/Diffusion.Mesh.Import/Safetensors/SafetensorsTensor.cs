using Diffusion.Mesh.Import.Weights;

namespace Diffusion.Mesh.Import.Safetensors;

/// <summary>A tensor as it lies in a safetensors file.</summary>
internal sealed class SafetensorsTensor(MappedFile file, SafetensorsEntry entry, long dataStart)
    : StoredTensor(entry.Name, entry.Shape, entry.Type)
{
    public override FileExtent Extent { get; } = new(file.Path, dataStart + entry.Begin, entry.Length);

    /// <summary>The bytes as they are stored.</summary>
    public byte[] ReadBytes()
    {
        using var range = file.Map(Extent.Offset, checked((int)Extent.Length));
        return range.Bytes.ToArray();
    }

    protected internal override void ReadValues(long start, Span<float> values)
    {
        if (!Type.IsFloat())
            throw new ImportException($"The tensor '{Name}' holds whole numbers ({Type}), which are no weights.");
        var size = Type.Size();
        for (var done = 0; done < values.Length; done += Chunk)
        {
            var part = values[done..Math.Min(values.Length, done + Chunk)];
            using var range = file.Map(Extent.Offset + ((start + done) * size), part.Length * size);
            Decoding.ToSingles(Type, range.Bytes, part);
        }
    }
}
