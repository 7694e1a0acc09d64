using System.Text.Json;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>What the audit log has of calls and jobs, and what it never has.</summary>
public sealed class AuditTests : ApiTest
{
    private const string Canary = "canary-3f1b";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mesh-audit-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "audit.log");

    [Fact]
    public async Task File_JobsAndRefusalsAtBothDoors_AreThereWithoutWhatClientsWrote()
    {
        var (key, chief) = (Keys.Add("acme"), Keys.AddOperator("staff"));
        await StartAsync(s => s with { Keys = Keys.Path, Anonymous = AnonymousCalls.Never, Options = o => o with { AuditLog = Path } });
        var client = Orchestrator.Client();
        var wish = Wishes.Quick(Canary);
        (wish.RequestId, wish.NegativePrompt) = (Canary, Canary);
        var first = (await client.SubmitAsync(wish, Bearer(key.Text()))).Id;
        var second = await SubmitAsync(key);
        Assert.Equal(204, (int)(await SendAsync(Post($"/api/operator/jobs/acme/{second}/cancel"), chief)).StatusCode);
        Go();
        await EndedAsync(first);
        await EndedAsync(second);

        wish.Model = Canary;
        await Assert.ThrowsAsync<RpcException>(async () => await client.SubmitAsync(wish, Bearer(key.Text())));
        await Assert.ThrowsAsync<RpcException>(async () => await client.ListModelsAsync(new ListModelsRequest(), Bearer(Canary)));
        await SendAsync(Post("/api/jobs", new { prompt = Canary, model = Canary, canary = Canary }), key);
        await SendAsync(Post($"/api/jobs/{Canary}/cancel?{Canary}"), key);
        // Whoever rotates the file renames it.
        await LinesAsync(Path, 9);
        File.Move(Path, $"{Path}.1");
        await GetAsync($"/api/jobs/{Canary}", key);

        var lines = await LinesAsync($"{Path}.1", 9);
        Assert.Equal("/api/jobs/{id} NOT_FOUND", Told(Assert.Single(await LinesAsync(Path, 1)), "method", "status"));
        Assert.Equal($"grpc /diffusion.mesh.v1.Generation/Submit {key.Id} acme {first} shapes 128 128 1 2", Told(
            lines[0], "door", "method", "key", "tenant", "job", "model", "width", "height", "pictures", "steps"));
        Assert.Equal(2 * 128 * 128, lines[0].GetProperty("cost").GetDouble());
        Assert.Equal(wish.CalculateSize(), lines[0].GetProperty("bytes").GetInt32() + Canary.Length + 2);
        Assert.Equal($"http /api/jobs {key.Id} {second}", Told(lines[1], "door", "method", "key", "job"));
        // Its end may come before.
        Assert.Equal($"staff acme {second}", Told(Assert.Single(lines, l => Told(l, "event") == "cancelled"), "tenant", "job_tenant", "job"));
        Assert.Equal([$"acme {first} shapes done ", $"acme {second} shapes cancelled CANCELLED"], lines.Where(l => Told(l, "event") == "ended")
            .Select(l => Told(l, "tenant", "job", "model", "outcome", "status")).Order(StringComparer.Ordinal).OrderBy(l => l.Contains(second)));
        Assert.Equal(
            ["grpc acme INVALID_ARGUMENT", "grpc  UNAUTHENTICATED", "http acme INVALID_ARGUMENT", "http acme NOT_FOUND"],
            lines.Where(l => Told(l, "event") == "refused").Select(l => Told(l, "door", "tenant", "status")));
        Assert.All(Directory.EnumerateFiles(_folder.FullName), file => Assert.DoesNotContain(Canary, File.ReadAllText(file), StringComparison.Ordinal));
        Assert.All(Log.Lines, line => Assert.DoesNotContain(Canary, line, StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
    }

    [Fact]
    public async Task Log_NoFile_HasTheLines()
    {
        await StartAsync();
        Go();
        var id = await SubmitAsync();
        await EventsAsync(id);

        Assert.Contains(Log.Lines, l => l.StartsWith($"Information {AuditLog.Category}: {{", StringComparison.Ordinal) && l.Contains(id) && l.Contains("\"submitted\""));
    }

    [Fact]
    public async Task Start_FileThatCannotBeWritten_IsAWrongOption()
    {
        var error = await Assert.ThrowsAsync<OptionsException>(() => StartAsync(s => s with { Options = o => o with { AuditLog = _folder.FullName } }));

        Assert.Contains("--audit-log", error.Message, StringComparison.Ordinal);
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task EndedAsync(string id)
    {
        var patience = Patience.Token;
        while (!File.ReadAllLines(Path).Any(l => l.Contains("\"ended\"") && l.Contains(id)))
            await Task.Delay(TimeSpan.FromMilliseconds(10), patience);
    }

    // Once there are as many.
    private static async Task<JsonElement[]> LinesAsync(string path, int count)
    {
        var patience = Patience.Token;
        while (!File.Exists(path) || File.ReadAllLines(path).Length < count)
            await Task.Delay(TimeSpan.FromMilliseconds(10), patience);
        JsonElement[] lines = [.. File.ReadAllLines(path).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(count, lines.Length);
        return lines;
    }

    private static string Told(JsonElement line, params string[] names) =>
        string.Join(' ', names.Select(name => line.TryGetProperty(name, out var value) ? value.ToString() : ""));

    private static Metadata Bearer(string key) => new() { { "authorization", $"Bearer {key}" } };
}
