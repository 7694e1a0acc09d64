namespace Diffusion.Mesh.Benchmarks;

/// <summary>
/// A checkpoint of SDXL's real size through <c>mesh import --dtype float16</c>: seconds and memory of the command. Needs <c>MESH_SHARED</c> and 14 GB
/// of disk in the user's cache and temporary folders.
/// </summary>
internal sealed class ImportLargeBenchmark : IBenchmark
{
    public string Name => "import-sdxl";

    public async Task<IReadOnlyList<KeyValuePair<string, double>>> RunAsync()
    {
        var root = Directory.CreateTempSubdirectory("mesh-import-");
        try
        {
            var (seconds, peak) = await ImportCommand.RunAsync("sdxl-base", Path.Combine(root.FullName, "sdxl"), "float16");
            return [new("seconds", seconds), new("peak_mib", peak)];
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }
}
