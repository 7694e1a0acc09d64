namespace Diffusion.Mesh.Import.Adapters;

/// <summary>What a tensor of an adapter is to the module that it changes.</summary>
internal enum AdapterRole
{
    /// <summary>LoRA's factor from the input to the rank: [r, i] or [r, i, k, k].</summary>
    Down,

    /// <summary>LoRA's factor from the rank to the output: [o, r].</summary>
    Up,

    /// <summary>LoRA's core between the two: [r, r, k, k].</summary>
    Mid,

    /// <summary>One number, to be divided by the rank.</summary>
    Alpha,

    /// <summary>One number that replaces alpha over rank.</summary>
    Scale,

    /// <summary>LoHa's factors and cores.</summary>
    Hada1A,
    Hada1B,
    Hada2A,
    Hada2B,
    HadaCore1,
    HadaCore2,

    /// <summary>LoKr's factors, whole or as a product, and the second one's core.</summary>
    Kron1,
    Kron1A,
    Kron1B,
    Kron2,
    Kron2A,
    Kron2B,
    KronCore2,

    /// <summary>A whole difference, of the weight or of the bias.</summary>
    Difference,
    BiasDifference,

    /// <summary>DoRA's magnitudes, which are not supported.</summary>
    Magnitude,
}
