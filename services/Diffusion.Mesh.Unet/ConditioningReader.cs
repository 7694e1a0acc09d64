using Diffusion.Mesh.Inference;
using Diffusion.Mesh.V1;
using Diffusion.Mesh.Workers;

namespace Diffusion.Mesh.Unet;

/// <summary>Reads conditioning in the types and shapes that the UNet's file has.</summary>
internal static class ConditioningReader
{
    /// <param name="message">Null means none, which is right for an unconditional UNet.</param>
    /// <param name="field">The message's path, for problems.</param>
    /// <returns>For each picture the UNet's inputs by name, each with a first dimension of 1.</returns>
    public static IReadOnlyDictionary<string, TensorData>[] Read(
        Conditioning? message, string field, UnetModel unet, int images, List<FieldProblem> problems)
    {
        var tensors = new Dictionary<string, TensorData>();
        foreach (var named in message?.Tensors ?? [])
        {
            var path = $"{field}.{named.Name}";
            if (!unet.ConditioningInputs.TryGetValue(named.Name, out var port))
                problems.Add(new(path, $"The UNet has no such input; it has {Names(unet)}."));
            else if (Read(named.Tensor, port, images, out var problem) is not { } tensor)
                problems.Add(new(path, problem!));
            else if (!tensors.TryAdd(named.Name, tensor))
                problems.Add(new(path, "It is given twice."));
        }

        foreach (var missing in unet.ConditioningInputs.Keys.Except(message?.Tensors.Select(t => t.Name) ?? []))
            problems.Add(new($"{field}.{missing}", "The UNet needs it."));
        return [.. Enumerable.Range(0, images).Select(i => tensors.ToDictionary(t => t.Key, t => t.Value.Shape[0] == 1 ? t.Value : t.Value.Row(i)))];
    }

    private static TensorData? Read(Tensor message, PortFacts port, int images, out string? problem)
    {
        if (TensorMessages.Read(message, out problem) is not { } tensor)
            return null;
        var isForAll = tensor.Shape.Count > 0 && tensor.Shape[0] == 1;
        if (tensor.Shape.Count == 0 || (!isForAll && tensor.Shape[0] != images))
            problem = "The first dimension must be 1 or the number of pictures.";
        // A file that takes one row at a time says 1 here.
        else if (!port.Accepts(port.Type, [port.Dimensions.FirstOrDefault(), .. tensor.Shape.Skip(1)]))
            problem = $"The UNet takes {port}, and the shape is [{string.Join(", ", tensor.Shape)}].";
        else
            return Finite(tensor, port.Type, out problem);
        return null;
    }

    // Looked at in the type that the UNet gets: a large float32 is infinite as a float16.
    private static TensorData? Finite(TensorData tensor, ElementType type, out string? problem)
    {
        var values = tensor.ToFloats();
        var converted = tensor.Type == type ? tensor : TensorData.From(values, tensor.Shape, type);
        if (tensor.Type != type)
            Elements.Read(converted.Data.Span, type, values);
        problem = Array.TrueForAll(values, float.IsFinite) ? null : $"Every number must be finite as {type}.";
        return problem is null ? converted : null;
    }

    private static string Names(UnetModel unet) => unet.ConditioningInputs.Count == 0 ? "none" : string.Join(", ", unet.ConditioningInputs.Keys);
}
