namespace Diffusion.Mesh.Import.Adapters;

/// <summary>The name of an adapter's tensor, taken apart.</summary>
/// <param name="Module">The module that it changes, as the file spells it.</param>
internal sealed record AdapterKey(string Module, AdapterRole Role)
{
    // Longer endings stand before those that they end with.
    private static readonly (string Ending, AdapterRole Role)[] Endings =
    [
        (".lora_linear_layer.down.weight", AdapterRole.Down),
        (".lora_linear_layer.up.weight", AdapterRole.Up),
        (".lora_A.default.weight", AdapterRole.Down),
        (".lora_B.default.weight", AdapterRole.Up),
        (".lora_down.weight", AdapterRole.Down),
        (".lora_up.weight", AdapterRole.Up),
        (".lora_mid.weight", AdapterRole.Mid),
        (".lora.down.weight", AdapterRole.Down),
        (".lora.up.weight", AdapterRole.Up),
        (".lora_A.weight", AdapterRole.Down),
        (".lora_B.weight", AdapterRole.Up),
        ("_lora.down.weight", AdapterRole.Down),
        ("_lora.up.weight", AdapterRole.Up),
        (".hada_w1_a", AdapterRole.Hada1A),
        (".hada_w1_b", AdapterRole.Hada1B),
        (".hada_w2_a", AdapterRole.Hada2A),
        (".hada_w2_b", AdapterRole.Hada2B),
        (".hada_t1", AdapterRole.HadaCore1),
        (".hada_t2", AdapterRole.HadaCore2),
        (".lokr_w1", AdapterRole.Kron1),
        (".lokr_w1_a", AdapterRole.Kron1A),
        (".lokr_w1_b", AdapterRole.Kron1B),
        (".lokr_w2", AdapterRole.Kron2),
        (".lokr_w2_a", AdapterRole.Kron2A),
        (".lokr_w2_b", AdapterRole.Kron2B),
        (".lokr_t2", AdapterRole.KronCore2),
        (".alpha", AdapterRole.Alpha),
        (".scale", AdapterRole.Scale),
        (".diff_b", AdapterRole.BiasDifference),
        (".b_norm", AdapterRole.BiasDifference),
        (".diff", AdapterRole.Difference),
        (".w_norm", AdapterRole.Difference),
        (".dora_scale", AdapterRole.Magnitude),
        (".lora_magnitude_vector", AdapterRole.Magnitude),
        (".lora_magnitude_vector.weight", AdapterRole.Magnitude),
    ];

    /// <summary>The key, or null where a name is no adapter's.</summary>
    public static AdapterKey? Parse(string name)
    {
        var (ending, role) = Endings.FirstOrDefault(e => name.EndsWith(e.Ending, StringComparison.Ordinal));
        return ending is null ? null : new AdapterKey(name[..^ending.Length], role);
    }
}
