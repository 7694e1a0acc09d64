using System.Collections.Immutable;

namespace Diffusion.Mesh.Import.Layouts;

/// <summary>Reads a UNet's structure from the names and shapes of its tensors, in either layout.</summary>
internal static class UnetReader
{
    /// <exception cref="ImportException">A tensor that tells the structure is missing.</exception>
    public static UnetStructure Read(PartTensors unet)
    {
        var diffusers = unet.Names.Has("conv_in");
        var (levels, middle) = diffusers ? (DiffusersLevels(unet), "mid_block") : (OriginalLevels(unet), "middle_block");
        var (input, output, time, added) = diffusers
            ? ("conv_in.weight", "conv_out.weight", "time_embedding.linear_1.weight", "add_embedding.linear_1")
            : ("input_blocks.0.0.weight", "out.2.weight", "time_embed.0.weight", "label_emb.0.0");
        var guidance = unet.Names.Has("time_embedding.cond_proj") ? "time_embedding.cond_proj" : "time_embed.cond_proj";
        return new UnetStructure(
            unet.Shape(input, 4)[1],
            unet.Shape(output, 4)[0],
            unet.Shape(time, 2)[0],
            Transformer("attn2.to_k.weight") is { } key ? unet.Shape(key, 2)[^1] : 0,
            unet.Names.Has(added) ? unet.Shape($"{added}.weight", 2)[1] : 0,
            unet.Names.Has(guidance) ? unet.Shape($"{guidance}.weight", 2)[1] : 0,
            unet.Tensors.Keys.FirstOrDefault(n => n.EndsWith(".proj_in.weight", StringComparison.Ordinal)) is { } projection
                && unet.Shape(projection, 2).Rank == 2,
            levels,
            diffusers ? unet.Names.Count("mid_block.resnets") : OriginalMiddle(unet.Names),
            unet.Names.Count(diffusers ? $"{middle}.attentions.0.transformer_blocks" : $"{middle}.1.transformer_blocks"));

        string? Transformer(string layer) =>
            unet.Tensors.Keys.Where(n => n.EndsWith($".{layer}", StringComparison.Ordinal)).Order(StringComparer.Ordinal).FirstOrDefault();
    }

    private static ImmutableArray<UnetLevel> DiffusersLevels(PartTensors unet)
    {
        var names = unet.Names;
        var count = names.Count("down_blocks");
        if (count == 0)
            throw new ImportException("The UNet has no level.");
        return
        [
            .. Enumerable.Range(0, count).Select(level => new UnetLevel(
                unet.Shape($"down_blocks.{level}.resnets.0.conv1.weight", 4)[0],
                Depths($"down_blocks.{level}"),
                Depths($"up_blocks.{count - 1 - level}"))),
        ];

        ImmutableArray<int> Depths(string block) =>
            [.. Enumerable.Range(0, names.Count($"{block}.resnets")).Select(l => names.Count($"{block}.attentions.{l}.transformer_blocks"))];
    }

    private static ImmutableArray<UnetLevel> OriginalLevels(PartTensors unet)
    {
        var names = unet.Names;
        var down = new List<(long Channels, List<int> Depths)> { (0, []) };
        for (var block = 1; names.Has($"input_blocks.{block}"); block++)
        {
            if (names.Has($"input_blocks.{block}.0.op"))
                down.Add((0, []));
            else
                down[^1] = (unet.Shape($"input_blocks.{block}.0.in_layers.2.weight", 4)[0], [.. down[^1].Depths, Depth($"input_blocks.{block}")]);
        }

        var up = new List<List<int>> { new() };
        for (var block = 0; names.Has($"output_blocks.{block}"); block++)
        {
            up[^1].Add(Depth($"output_blocks.{block}"));
            if (names.Has($"output_blocks.{block}.1.conv") || names.Has($"output_blocks.{block}.2.conv"))
                up.Add([]);
        }

        if (up.Count != down.Count || down.Any(level => level.Depths.Count == 0))
            throw new ImportException($"The UNet has {down.Count} levels on its way down and {up.Count} on its way up, or a level without a ResNet block.");
        return [.. down.Select((level, i) => new UnetLevel(level.Channels, [.. level.Depths], [.. up[^(i + 1)]]))];

        int Depth(string block) => names.Count($"{block}.1.transformer_blocks");
    }

    private static int OriginalMiddle(NameTree names) => names.Has("middle_block.2") ? 2 : names.Has("middle_block.0") ? 1 : 0;
}
