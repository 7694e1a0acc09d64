namespace Diffusion.Mesh.Fuzz;

/// <summary>Metadata of a call.</summary>
internal static class GrpcHeaders
{
    private static readonly string[] Names =
    [
        "authorization", "x-api-key", "grpc-timeout", "grpc-encoding", "grpc-accept-encoding", "content-type", "te", "traceparent", "tracestate", "baggage", "user-agent",
        "x-forwarded-for", "x-long", "x-bin", "grpc-status", "grpc-trace-bin", "grpc-previous-rpc-attempts", "grpc-status-details-bin", "content-encoding", "cookie",
    ];

    private static readonly string[] Values =
    [
        "Bearer", "Bearer mesh_000000000000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "Basic YTpi", "0n", "1n", "0S", "1m", "99999999H", "100000000H", "-1S", "1", "S", "1.5S",
        "gzip", "deflate", "br", "identity", "gzip,identity", "snappy", "application/grpc", "application/grpc+proto", "application/grpc+json", "application/grpc-web",
        "application/json", "application/grpcx", "text/plain", "00-00000000000000000000000000000000-0000000000000000-00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x", "%%%", "====", "AAAA", "a=b,c=d", "trailers", "127.0.0.1", "13",
    ];

    public static IReadOnlyList<(string Name, string Value)> Good(Server server) =>
        [("content-type", "application/grpc"), ("te", "trailers"), ("x-api-key", server.Key)];

    public static IReadOnlyList<(string Name, string Value)> Mutate(Dice dice, Server server)
    {
        var headers = Good(server).ToList();
        if (dice.Chance(0.2))
            headers.RemoveAt(dice.Below(headers.Count));
        for (var i = dice.Below(3); i >= 0; i--)
            Once(dice, headers);
        return headers;
    }

    private static void Once(Dice dice, List<(string Name, string Value)> headers)
    {
        var (name, value) = (dice.Pick(Names), dice.Chance(0.8) ? dice.Pick(Values) : Printable(NastyTexts.Pick(dice)));
        // Once or twice.
        if (dice.Chance(0.8))
            headers.RemoveAll(header => header.Name == name);
        headers.Add((name, value));
    }

    // The client itself takes no others; frames of one's own do.
    private static string Printable(string text)
    {
        var printable = string.Concat(text.Where(c => c is >= ' ' and < '\x7f'));
        return printable[..Math.Min(printable.Length, 20_000)];
    }
}
