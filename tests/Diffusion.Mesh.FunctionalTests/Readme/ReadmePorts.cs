using System.Text.RegularExpressions;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary>Free ports in the place of those that the README names, which may be in use here.</summary>
internal sealed partial class ReadmePorts
{
    private readonly Dictionary<string, int> _free = [];

    /// <summary>The address that stands for 127.0.0.1 and this port.</summary>
    public string Address(int port) => Replace($"127.0.0.1:{port}");

    /// <summary>A word of a command, with its ports replaced.</summary>
    public string Replace(string word) => Port().Replace(word, match => $"127.0.0.1:{Free(match.Groups[1].Value)}");

    /// <summary>The variables that move a service's listeners: its command names no ports, so it would take its own.</summary>
    public (string Name, string Value)[] Listeners(int port) =>
        [("MESH_GRPC", Address(port)), ("MESH_HEALTH", Address(port + 1)), ("MESH_HTTP", "none")];

    private int Free(string port)
    {
        if (!_free.TryGetValue(port, out var free))
            _free[port] = free = FreePort.Next();
        return free;
    }

    [GeneratedRegex("127\\.0\\.0\\.1:(\\d+)")]
    private static partial Regex Port();
}
