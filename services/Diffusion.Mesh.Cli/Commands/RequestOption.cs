using System.CommandLine;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Cli;

/// <summary>An option that sets something in a request.</summary>
/// <param name="Option">As the command line has it.</param>
/// <param name="Apply">Puts its value, where it is given, into the request.</param>
internal sealed record RequestOption(Option Option, Action<ParseResult, GenerateRequest> Apply)
{
    /// <summary>An option that does nothing where it is not given.</summary>
    public static RequestOption Of<T>(Option<T> option, Action<GenerateRequest, T> set) => new(option, (result, request) =>
    {
        if (result.GetResult(option) is { Implicit: false } && result.GetValue(option) is { } value)
            set(request, value);
    });
}
