using System.Text;
using System.Text.Json;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>What known clients send, in their order.</summary>
public sealed class WebUiClientsTests(RedisServer redis) : WebUiTest, IClassFixture<RedisServer>
{
    // Its own settings are sent along, and numbers as texts by some of its extensions.
    private const string SillyTavern = """
        {"url": "http://127.0.0.1:7402", "auth": "me:secret words", "prompt": "a red circle", "negative_prompt": "blue", "sampler_name": "Euler a", "scheduler": "Automatic", "steps": 2,
         "cfg_scale": 5.5, "width": 64, "height": "64", "restore_faces": false, "enable_hr": false, "hr_upscaler": "Latent", "hr_scale": 2, "hr_additional_modules": [],
         "denoising_strength": 0.7, "hr_second_pass_steps": 0, "seed": "7", "override_settings": {"CLIP_stop_at_last_layers": 1}, "override_settings_restore_afterwards": true, "clip_skip": 1,
         "save_images": true, "send_images": true, "do_not_save_grid": false, "do_not_save_samples": false, "alwayson_scripts": {}, "styles": null}
        """;

    [Fact]
    public async Task SillyTavern_FromPingToPicture_IsServed()
    {
        var key = Keys.Add("acme");
        await StartLockedAsync();
        Go();
        var basic = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"anybody:{key.Text()}"));
        foreach (var list in new[] { "options", "samplers", "schedulers", "sd-models", "upscalers", "latent-upscale-modes", "sd-vae" })
            Assert.Equal(200, (await CallAsync(list, credentials: basic)).Status);
        var (_, idle) = await CallAsync("progress", credentials: basic);

        var (status, answer) = await CallAsync("txt2img", JsonDocument.Parse(SillyTavern).RootElement, basic);
        var refused = await CallAsync("options", credentials: "Basic " + Convert.ToBase64String("anybody:wrong"u8));

        Assert.Equal((0.0, 0), (idle.GetProperty("progress").GetDouble(), idle.GetProperty("state").GetProperty("job_count").GetInt32()));
        Assert.Equal(JsonValueKind.Null, idle.GetProperty("current_image").ValueKind);
        Assert.Equal(200, status);
        Assert.Equal([1, 2, 3], Assert.Single(answer.GetProperty("images").EnumerateArray()).GetBytesFromBase64());
        Assert.DoesNotContain("secret words", answer.ToString(), StringComparison.Ordinal);
        var info = JsonDocument.Parse(answer.GetProperty("info").GetString()!).RootElement;
        Assert.Equal([7], info.GetProperty("all_seeds").EnumerateArray().Select(s => s.GetInt32()));
        Assert.Equal("Euler a", info.GetProperty("sampler_name").GetString());
        Assert.StartsWith("a red circle\nNegative prompt: blue\nSteps: 2, Sampler: Euler a", info.GetProperty("infotexts")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(401, refused.Status);
    }

    [Fact]
    public async Task OpenWebUi_ModelChosenAtOneServer_IsUsedAtTheOther()
    {
        // Two names for one model.
        var root = Directory.CreateTempSubdirectory("mesh-models-");
        foreach (var name in new[] { "circles", "shapes" })
            Directory.CreateSymbolicLink(Path.Combine(root.FullName, name), Path.Combine(RunningService.Models, "shapes"));
        OrchestratorSetup Both(OrchestratorSetup setup) => setup with
        {
            Redis = redis.Address,
            Configure = builder => builder.Services.AddSingleton(ModelRepository.Open(root.FullName, [])),
        };
        await StartAsync(Both);
        var (_, options) = await CallAsync("options", credentials: "Basic");
        var changed = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(options)!;
        changed["sd_model_checkpoint"] = JsonSerializer.SerializeToElement("shapes");

        var chosen = await CallAsync("options", changed);
        var unknown = await CallAsync("options", new { sd_model_checkpoint = "nothing", samples_format = "jpg", grid = true });
        await StartAsync(Both);
        Go();
        var (_, after) = await CallAsync("options");
        var (status, answer) = await CallAsync("txt2img", new { prompt = "a red circle", batch_size = 2, width = 64, height = 64, steps = 2 });
        root.Delete(recursive: true);

        Assert.Equal("circles", options.GetProperty("sd_model_checkpoint").GetString());
        Assert.Equal(200, chosen.Status);
        Assert.Equal(400, unknown.Status);
        Assert.Equal(["grid", "samples_format"], Fields(unknown.Answer).Order(StringComparer.Ordinal));
        Assert.Equal("shapes", after.GetProperty("sd_model_checkpoint").GetString());
        Assert.Equal(200, status);
        var info = JsonDocument.Parse(answer.GetProperty("info").GetString()!).RootElement;
        Assert.Equal("shapes", info.GetProperty("sd_model_name").GetString());
        Assert.Equal(2, answer.GetProperty("images").GetArrayLength());
        // A seed that makes the second picture alone there is not.
        Assert.False(info.TryGetProperty("all_seeds", out _));
        Assert.Contains("Picture: 2 of 2", info.GetProperty("infotexts")[1].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupt_AtAnotherServer_EndsThisApisJobsAlone()
    {
        await StartAsync(s => s with { Redis = redis.Address });
        var waiting = CallAsync("txt2img", new { prompt = "a red circle", steps = 2 });
        var other = await SubmitAsync();
        await UntilAsync(p => p.GetProperty("state").GetProperty("job").GetString() is { Length: > 0 });
        var address = Address;
        await StartAsync(s => s with { Redis = redis.Address });
        Assert.NotEqual(address, Address);

        var (_, progress) = await CallAsync("progress");
        await InterruptAsync();
        var (status, answer) = await waiting;
        var job = await (await GetAsync($"/api/jobs/{other}")).Content.ReadAsStringAsync();

        Assert.Equal(1, progress.GetProperty("state").GetProperty("job_count").GetInt32());
        Assert.Equal((499, "CANCELLED"), (status, answer.GetProperty("error").GetString()));
        Assert.Equal("running", JsonDocument.Parse(job).RootElement.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Stop_WhileAClientWaits_EndsItsJob()
    {
        await StartAsync(s => s with { Redis = redis.Address });
        var waiting = CallAsync("txt2img", new { prompt = "a red circle", steps = 2 });
        var progress = await UntilAsync(p => p.GetProperty("state").GetProperty("job").GetString() is { Length: > 0 });

        var stopped = Orchestrator.Stop();
        var (status, answer) = await waiting;
        await stopped;
        await StartAsync(s => s with { Redis = redis.Address });
        var job = await (await GetAsync($"/api/jobs/{progress.GetProperty("state").GetProperty("job").GetString()}")).Content.ReadAsStringAsync();

        Assert.Equal((503, "UNAVAILABLE"), (status, answer.GetProperty("error").GetString()));
        Assert.Equal("cancelled", JsonDocument.Parse(job).RootElement.GetProperty("state").GetString());
    }
}
