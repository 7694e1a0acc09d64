using Diffusion.Mesh.Models;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>
/// A checkpoint of Stable Diffusion 1.5's real size through <c>mesh import</c>: seconds and memory of the command, and a guided step of the imported
/// UNet against the exported graph. Needs <c>MESH_SHARED</c>, 16 GiB of memory and 14 GB of disk in the user's cache and temporary folders.
/// </summary>
internal sealed class ImportBenchmark : IBenchmark
{
    private const int Rounds = 8;
    private const int Side = 32;
    private const int GuidedRows = 2;

    public string Name => "import";

    public async Task<IReadOnlyList<KeyValuePair<string, double>>> RunAsync()
    {
        var root = Directory.CreateTempSubdirectory("mesh-import-");
        try
        {
            var folder = Path.Combine(root.FullName, "sd15");
            var (seconds, peak) = await ImportCommand.RunAsync("sd15", folder, "float32");
            return [new("seconds", seconds), new("peak_mib", peak), new("step_ratio", StepRatio(folder))];
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static double StepRatio(string folder)
    {
        using var imported = new BareUnet(ModelFolder.Read(folder), Side, Side);
        using var exported = new BareUnet(ModelFolder.Read(RealSizeModel.With("unet")), Side, Side);
        imported.Run(GuidedRows, 1);
        exported.Run(GuidedRows, 1);
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            ours.AddRange(imported.Run(GuidedRows, 1));
            theirs.AddRange(exported.Run(GuidedRows, 1));
        }

        Console.WriteLine(
            FormattableString.Invariant($"a guided step: imported {Timing.Median(ours):0.000} s, exported {Timing.Median(theirs):0.000} s"));
        return Timing.Median(ours) / Timing.Median(theirs);
    }
}
