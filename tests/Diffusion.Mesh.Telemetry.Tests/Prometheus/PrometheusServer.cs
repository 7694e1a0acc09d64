using System.Globalization;
using System.Text.Json;
using Diffusion.Mesh.FunctionalTests;

namespace Diffusion.Mesh.TelemetryTests;

/// <summary>A rule as Prometheus has read it.</summary>
internal sealed record Alert(string Name, string Query);

/// <summary>A real Prometheus on the loopback interface over samples of the past.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private const string Ready = "Server is ready to receive web requests";

    // What a minute's export of a long life would be: rates need a few samples.
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(2);

    private readonly TemporaryFolder _folder;
    private readonly ChildProcess _process;
    private readonly HttpClient _http;
    private readonly string _range;

    private PrometheusServer(TemporaryFolder folder, ChildProcess process, HttpClient http, string range) =>
        (_folder, _process, _http, _range) = (folder, process, http, range);

    /// <summary>Writes the samples into a database of its own and starts over it.</summary>
    /// <param name="rules">Files of rules.</param>
    public static async Task<PrometheusServer> StartAsync(IReadOnlyList<Sample> samples, params IEnumerable<string> rules)
    {
        var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("samples.om"), OpenMetrics.Write(samples));
        await Promtool.RunAsync("tsdb", "create-blocks-from", "openmetrics", folder.File("samples.om"), folder.File("data"));
        await File.WriteAllTextAsync(
            folder.File("prometheus.yml"),
            JsonSerializer.Serialize(new { global = new { evaluation_interval = "1h" }, rule_files = rules }));
        var address = $"127.0.0.1:{FreePort.Next()}";
        var process = ChildProcess.Start(
            await Promtool.FindAsync("prometheus"),
            [$"--config.file={folder.File("prometheus.yml")}", $"--storage.tsdb.path={folder.File("data")}", $"--web.listen-address={address}"]);
        await process.ErrorLineAsync(Ready);
        var range = string.Create(
            CultureInfo.InvariantCulture,
            $"start={samples.Min(s => s.Seconds):F3}&end={samples.Max(s => s.Seconds) + Step.TotalSeconds:F3}&step={Step.TotalSeconds}");
        return new PrometheusServer(folder, process, new HttpClient { BaseAddress = new Uri($"http://{address}/api/v1/") }, range);
    }

    /// <summary>The labels of all series of a selector.</summary>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> SeriesAsync(string selector) =>
        [.. (await GetAsync($"series?match[]={Uri.EscapeDataString(selector)}&{_range}")).EnumerateArray().Select(Labels)];

    /// <summary>The labels of all series that an expression gives at any time.</summary>
    /// <exception cref="InvalidOperationException">Prometheus refuses it.</exception>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> RangeAsync(string expression)
    {
        var data = await GetAsync($"query_range?query={Uri.EscapeDataString(expression)}&{_range}");
        return [.. data.GetProperty("result").EnumerateArray().Select(s => Labels(s.GetProperty("metric")))];
    }

    /// <summary>The alerts of all files of rules.</summary>
    public async Task<IReadOnlyList<Alert>> AlertsAsync() =>
        [.. from file in (await GetAsync("rules")).GetProperty("groups").EnumerateArray()
            from rule in file.GetProperty("rules").EnumerateArray()
            select new Alert(rule.GetProperty("name").GetString()!, rule.GetProperty("query").GetString()!)];

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private static Dictionary<string, string> Labels(JsonElement labels) => labels.EnumerateObject().ToDictionary(l => l.Name, l => l.Value.GetString()!);

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await _http.GetAsync(path);
        var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        return response.IsSuccessStatusCode ? answer.GetProperty("data") : throw new InvalidOperationException($"{path}: {answer.GetProperty("error")}");
    }
}
