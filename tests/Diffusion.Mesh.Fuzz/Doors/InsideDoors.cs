using System.Text.Json;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Fuzz;

/// <summary>What must hold whatever comes, tried without a server: what is written is read again as it was.</summary>
internal static class InsideDoors
{
    public static IReadOnlyList<Door> All { get; } = [new("messages as JSON and back", 3, (dice, _, change) => new InsideShot(RoundTrip(dice, change)))];

    private static Func<string?> RoundTrip(Dice dice, bool change)
    {
        var request = Messages.Generate(dice);
        if (change)
            MessageMutator.Mutate(dice, request);
        return () => Differs(request);
    }

    private static string? Differs(GenerateRequest request)
    {
        byte[] written;
        try
        {
            written = ApiJson.Bytes(request);
        }
        catch (ArgumentException)
        {
            // JSON has no infinite numbers.
            return null;
        }

        using var json = JsonDocument.Parse(written);
        var (read, reader) = (new GenerateRequest(), new MessageReader());
        reader.Read(json.RootElement, read);
        // Numbers that are no value of an enum have no name.
        if (reader.Problems.Any(p => p.Description.StartsWith("It must be one of", StringComparison.Ordinal)))
            return null;
        return reader.Problems.Count == 0 && read.Equals(request) ? null : $"{request} became {read}; {string.Join(' ', reader.Problems)}";
    }
}

/// <summary>Something that is tried in this process.</summary>
/// <param name="Try">In words what does not hold; null: all is well.</param>
internal sealed record InsideShot(Func<string?> Try) : Shot
{
    public override Task<Answer> SendAsync(Server server, CancellationToken cancellation) => Task.FromResult(
        Try() is { } wrong ? new Answer("UNEQUAL", IsWrong: true, Text: wrong) : new Answer("EQUAL", IsGood: true));

    public override string Describe() => "in this process";
}
