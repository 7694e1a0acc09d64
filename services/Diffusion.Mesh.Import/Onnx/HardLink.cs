using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Diffusion.Mesh.Import.Onnx;

/// <summary>A second name of a file. Unlike a symbolic link it stays within its folder, and outlives the first name.</summary>
internal static class HardLink
{
    /// <exception cref="ImportException">The two names are on different file systems, or this one has no such links.</exception>
    public static void Create(string file, string name)
    {
        var done = OperatingSystem.IsWindows() ? CreateHardLink(name, file, 0) : Link(file, name) == 0;
        if (done)
            return;
        var reason = new Win32Exception(Marshal.GetLastPInvokeError()).Message;
        throw new ImportException($"The file '{file}' cannot be linked into the model's folder ({reason}); import it without linking.");
    }

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string file, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport("kernel32", EntryPoint = "CreateHardLinkW", CharSet = CharSet.Unicode, SetLastError = true)]
    private static extern bool CreateHardLink(string name, string file, nint security);
}
