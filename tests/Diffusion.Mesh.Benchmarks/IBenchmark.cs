namespace Diffusion.Mesh.Benchmarks;

/// <summary>A measurement that can be repeated: ratios from one run, alternating between what is compared.</summary>
internal interface IBenchmark
{
    /// <summary>The name on the command line and in the result.</summary>
    string Name { get; }

    /// <summary>Measures; the values are printed in this order.</summary>
    Task<IReadOnlyList<KeyValuePair<string, double>>> RunAsync();
}
