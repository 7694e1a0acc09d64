using Diffusion.Mesh.V1;
using Google.Protobuf;
using Xunit;
using Xunit.Abstractions;

namespace Diffusion.Mesh.Vae.Tests;

/// <summary>Alone, because it watches the whole process.</summary>
[CollectionDefinition(nameof(HostileMemoryTests), DisableParallelization = true)]
public sealed class HostileMemoryCollection : ICollectionFixture<VaeServer>
{
}

[Collection(nameof(HostileMemoryTests))]
public sealed class HostileMemoryTests(VaeServer server, ITestOutputHelper output)
{
    private const long Few = 8 << 20;
    private const string PeakReset = "/proc/self/clear_refs";

    [Fact]
    public async Task Encode_HostilePictures_LeaveThePeakAtIdle()
    {
        // Linux tells the process's peak, managed and native, and takes it back to now at our word.
        if (!File.Exists(PeakReset))
            return;
        // Code is compiled and buffers are grown by pictures that are merely broken.
        await SendAsync("one byte", 8);
        // What earlier tests left is given back, so that it cannot hide what these take.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        await File.WriteAllTextAsync(PeakReset, "5");
        var idle = Peak();

        foreach (var name in HostilePictures.All.Keys)
            await SendAsync(name, 4);

        var hostile = Peak();
        // A large picture within the limits is what the measure must not miss.
        var large = ByteString.CopyFrom(Pictures.File(Pictures.Solid(2500, 2500, 0)));
        await File.WriteAllTextAsync(PeakReset, "5");
        var before = Peak();
        await server.EncodeAsync(TestModels.Latent, new PictureInput { Image = large, Width = 16, Height = 16 });
        output.WriteLine($"idle {idle >> 10} KiB, hostile pictures {hostile >> 10} KiB, a large one {(Peak() - before) >> 10} KiB more");
        Assert.InRange(hostile - idle, 0, Few);
        Assert.InRange(Peak() - before, 3 * 2500 * 2500, 4 * 3 * 2500 * 2500);
    }

    private async Task SendAsync(string name, int times)
    {
        var file = ByteString.CopyFrom(HostilePictures.All[name]);
        for (var i = 0; i < times; i++)
            await server.EncodeProblemsAsync(new PictureInput { Image = file, Mask = file });
    }

    private static long Peak()
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].Trim());
    }
}
