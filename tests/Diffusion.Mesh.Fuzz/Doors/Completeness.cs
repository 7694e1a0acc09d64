using System.Text.Json;
using System.Text.RegularExpressions;
using Diffusion.Mesh.V1;
using Google.Protobuf.Reflection;

namespace Diffusion.Mesh.Fuzz;

/// <summary>Whether there is a door for everything that is served.</summary>
internal static class Completeness
{
    private static readonly ServiceDescriptor[] Services =
    [
        Generation.Descriptor, V1.TextEncoder.Descriptor, V1.Unet.Descriptor, V1.Vae.Descriptor, Worker.Descriptor, ExternalScaling.ExternalScaler.Descriptor,
    ];

    /// <summary>Methods and paths that nobody tries.</summary>
    /// <param name="description">The OpenAPI document.</param>
    public static IEnumerable<string> Missing(string description) =>
    [
        .. Services.SelectMany(service => service.Methods).Select(method => $"{method.Service.Name}/{method.Name}").Except(Door.All.Select(door => door.Name)),
        .. Operations(description).Where(operation => !Door.All.Any(door => Regex.IsMatch(door.Name, Pattern(operation)))),
    ];

    private static IEnumerable<string> Operations(string description)
    {
        using var document = JsonDocument.Parse(description);
        return [.. document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path =>
            path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}"))];
    }

    // Parts of a path that are filled in; a query may follow.
    private static string Pattern(string operation) => $"^{Regex.Replace(operation, @"\{[^}]*\}", "[^/?]+")}(\\?.*)?$";
}
