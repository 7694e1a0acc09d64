using System.Runtime.InteropServices;

namespace Diffusion.Mesh.Testing;

/// <summary>
/// Puts the JPEG and WebP libraries on the machine where that is possible: as root on Debian. Elsewhere the tests
/// fail with the decoder's own message, which names the package.
/// </summary>
public sealed class NativeImageLibraries : Xunit.IAsyncLifetime
{
    public const string Collection = "images in native formats";

    public async Task InitializeAsync()
    {
        if (DebianPackages.CanInstall && !(IsPresent("libturbojpeg.so.0") && IsPresent("libwebp.so.7")))
            await DebianPackages.InstallAsync("libturbojpeg0", "libwebp7");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private static bool IsPresent(string name)
    {
        if (!NativeLibrary.TryLoad(name, out var handle))
            return false;

        NativeLibrary.Free(handle);
        return true;
    }
}

[Xunit.CollectionDefinition(NativeImageLibraries.Collection)]
public sealed class NativeImageLibrariesDefinition : Xunit.ICollectionFixture<NativeImageLibraries>
{
}
