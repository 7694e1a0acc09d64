namespace Diffusion.Mesh.Fuzz;

/// <summary>Every path of the HTTP port, by methods, targets, queries and headers.</summary>
internal static class HttpDoors
{
    private static readonly string[] WebUi =
    [
        "progress", "options", "sd-models", "samplers", "schedulers", "upscalers", "scripts", "sd-vae", "latent-upscale-modes", "hypernetworks", "face-restorers",
        "prompt-styles",
    ];

    private static readonly (string Method, string Target)[] Calls =
    [
        ("GET", "/api/models"),
        ("GET", "/api/jobs?page_size=10&state=done"),
        ("GET", $"/api/jobs/{NastyTexts.KnownJob}"),
        ("GET", $"/api/jobs/{NastyTexts.KnownJob}/events?after=0"),
        ("GET", $"/api/jobs/{NastyTexts.KnownJob}/pictures/0"),
        ("GET", $"/api/jobs/{NastyTexts.KnownJob}/trace"),
        ("GET", "/api/operator/services"),
        ("GET", "/api/operator/jobs"),
        ("GET", "/api/operator/traces"),
        ("GET", $"/api/operator/traces/{NastyTexts.KnownJob}"),
        ("GET", $"/pictures/{NastyTexts.KnownJob}/0?expires=4102444800&signature=AAAA"),
        ("GET", "/v1/models"),
        ("GET", "/v1/models/shapes"),
        .. WebUi.Select(name => ("GET", $"/sdapi/v1/{name}")),
        ("GET", "/openapi.json"),
        ("GET", "/"),
        ("GET", "/console/app.js"),
    ];

    public static IReadOnlyList<Door> All { get; } =
    [
        .. Calls.Select(call => new Door(
            $"{call.Method} {call.Target}",
            1,
            (dice, server, change) => Make(dice, call.Method, call.Target, change),
            FindsNothing: call.Target.StartsWith("/pictures/", StringComparison.Ordinal))),
    ];

    private static HttpShot Make(Dice dice, string method, string target, bool change)
    {
        var request = new HttpRequestText(method, target);
        if (change)
            request.Mutate(dice);
        return request.Shot(dice, change);
    }
}
