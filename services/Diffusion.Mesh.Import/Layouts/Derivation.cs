namespace Diffusion.Mesh.Import.Layouts;

/// <summary>How a weight follows from the tensor that a file has.</summary>
internal enum Derivation
{
    /// <summary>It is the tensor; dimensions of 1 may be added or left out at the end.</summary>
    Whole,

    /// <summary>The first third of its rows.</summary>
    Query,

    /// <summary>The second third of its rows.</summary>
    Key,

    /// <summary>The last third of its rows.</summary>
    Value,

    /// <summary>Its transpose.</summary>
    Transposed,
}

/// <summary>One way in which files spell a weight.</summary>
/// <param name="Stored">The name in the file, without the part's prefix.</param>
internal sealed record Spelling(string Stored, Derivation Derivation = Derivation.Whole);
