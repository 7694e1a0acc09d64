using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit;

namespace Diffusion.Mesh.StandIns.Tests;

/// <summary>
/// Puts the JPEG and WebP libraries on the machine where that is possible: as root on Debian. Elsewhere the tests
/// fail with the decoder's own message, which names the package.
/// </summary>
public sealed class ImageSharpNativeLibraries : IAsyncLifetime
{
    public const string Collection = "images in native formats";

    public async Task InitializeAsync()
    {
        if (IsPresent("libturbojpeg.so.0") && IsPresent("libwebp.so.7"))
            return;
        if (Environment.UserName != "root" || !File.Exists("/usr/bin/apt-get"))
            return;

        await RunAsync("update", "-qq");
        await RunAsync("install", "-qq", "-y", "libturbojpeg0", "libwebp7");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private static bool IsPresent(string name)
    {
        if (!NativeLibrary.TryLoad(name, out var handle))
            return false;

        NativeLibrary.Free(handle);
        return true;
    }

    private static async Task RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/apt-get", arguments) { RedirectStandardOutput = true });
        await process!.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
    }
}

[CollectionDefinition(ImageSharpNativeLibraries.Collection)]
public sealed class ImageSharpNativeLibrariesDefinition : ICollectionFixture<ImageSharpNativeLibraries>
{
}
