using Diffusion.Mesh.Models;
using Diffusion.Mesh.Testing;

namespace Diffusion.Mesh.Benchmarks;

/// <summary>
/// A model of Stable Diffusion 1.5's size through a UNet worker's process, against a bare loop over the same ONNX file: a guided step of one client, and what
/// four clients gain. Needs <c>MESH_SHARED</c>, 8 GiB of memory, and 3.4 GB of disk in the user's cache folder for weights, which are written once.
/// </summary>
internal sealed class RealSizeBenchmark : IBenchmark
{
    private const int Rounds = 3;
    private const int Steps = 4;
    private const int Side = 32;
    private const int Clients = 4;

    public string Name => "real-size";

    public async Task<IReadOnlyList<KeyValuePair<string, double>>> RunAsync()
    {
        var folder = RealSizeModel.With("unet");
        var model = ModelFolder.Read(folder);
        await using var worker = await UnetProcess.StartAsync(Path.GetDirectoryName(folder)!, "--model", model.Name);
        using var bare = new BareUnet(model, Side, Side);
        var job = DrawnJob.Guided(model, Steps, Side, Side);
        await worker.ThroughputAsync(job, 1, 1);
        bare.Run(2, 1);
        bare.Run(2 * Clients, 1);
        var (one, four, two, eight) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            one.Add(1 / await worker.ThroughputAsync(job, 1, 1) / Steps);
            two.AddRange(bare.Run(2, Steps));
            four.Add(await worker.ThroughputAsync(job, Clients, 1));
            eight.AddRange(bare.Run(2 * Clients, 2));
        }

        var step = Timing.Median(one) / Timing.Median(two);
        var gain = Timing.Median(four) * Timing.Median(one) * Steps;
        var bareGain = Clients * Timing.Median(two) / Timing.Median(eight);
        Console.WriteLine(FormattableString.Invariant(
            $"a guided step: {Timing.Median(one):0.000} s, bare {Timing.Median(two):0.000} s; four clients gain x{gain:0.000}, bare x{bareGain:0.000}"));
        return [new("step_ratio", step), new("share4", gain / bareGain)];
    }
}
