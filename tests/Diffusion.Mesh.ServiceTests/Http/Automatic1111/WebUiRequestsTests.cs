using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.Sampling;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Requests of AUTOMATIC1111's API: what is wrong with them, and what becomes of clients that leave.</summary>
public sealed class WebUiRequestsTests : WebUiTest
{
    [Fact]
    public async Task TextToImage_ManyWrongFields_NamesEachAsItCame()
    {
        await StartAsync();
        const string Body = """
            {"prompt": "<lora:x:1> a circle", "width": 13, "steps": 0, "cfg_scale": 51, "sampler_name": "Euler b", "scheduler": "Turbo", "seed": -2, "batch_size": 5, "n_iter": 4, "restore_faces": true,
             "enable_hr": true, "alwayson_scripts": {"ADetailer": {"args": []}}, "init_images": [], "styles": ["x"], "eta": "x", "prompt": "again", "hr_scale": [], "override_settings":
             {"sd_model_checkpoint": "nothing", "CLIP_stop_at_last_layers": 0, "sd_vae": "other", "eta_ddim": 1}}
            """;

        var (status, answer) = await CallAsync("txt2img", JsonDocument.Parse(Body).RootElement);

        Assert.Equal(400, status);
        Assert.Equal(
            ["alwayson_scripts", "batch_size", "cfg_scale", "enable_hr", "eta", "init_images", "override_settings.CLIP_stop_at_last_layers", "override_settings.eta_ddim",
                "override_settings.sd_model_checkpoint", "override_settings.sd_vae", "prompt", "prompt", "restore_faces", "sampler_name", "scheduler", "seed", "steps", "styles"],
            Fields(answer).Order(StringComparer.Ordinal));
        Assert.Contains("cfg_scale: ", answer.GetProperty("errors").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("txt2img", """{"\ud800": 1, "prompt": "\ud800", "override_settings": {"\udc00": "\ud800"}}""", "?", "override_settings.?", "prompt")]
    [InlineData("options", """{"\ud800": 1, "sd_vae": "\ud800", "samples_format": ["png"]}""", "?", "samples_format", "sd_vae")]
    [InlineData("txt2img", "[]", "body")]
    [InlineData("options", "null", "body")]
    [InlineData("img2img", "{", "body")]
    public async Task Call_TextThatIsNone_IsTold(string name, string body, params string[] fields)
    {
        await StartAsync();

        using var response = await SendAsync(new(HttpMethod.Post, $"/sdapi/v1/{name}") { Content = new StringContent(body, Encoding.UTF8, "application/json") });

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal(fields, Fields(await response.Content.ReadFromJsonAsync<JsonElement>()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task ImageToImage_PicturesThatAreNone_AreNamed()
    {
        await StartAsync();

        var (_, fetched) = await CallAsync("img2img", new { init_images = new[] { "http://127.0.0.1/x.png" }, mask = "*", resize_mode = 3, mask_blur = 4, inpainting_fill = 0, inpaint_full_res = 1 });
        var (_, none) = await CallAsync("img2img", new { denoising_strength = 0, mask_blur = 4 });

        Assert.Equal(["init_images", "inpaint_full_res", "inpainting_fill", "mask", "mask_blur", "resize_mode"], Fields(fetched).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(["denoising_strength", "init_images"], Fields(none).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("GET", "memory")]
    [InlineData("POST", "train/embedding")]
    [InlineData("POST", "extra-single-image")]
    public async Task Call_WhatIsNotHere_IsNotImplemented(string method, string name)
    {
        await StartAsync();

        using var response = await SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/sdapi/v1/{name}"));
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal((501, "UNIMPLEMENTED"), ((int)response.StatusCode, answer.GetProperty("error").GetString()));
        Assert.EndsWith(".", answer.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TextToImage_ClientLeaves_EndsTheJob()
    {
        await StartAsync(s => s with { DisconnectGrace = TimeSpan.Zero });
        using var leave = new CancellationTokenSource();
        using var client = new HttpClient();
        var call = client.PostAsJsonAsync(new Uri(Address, "/sdapi/v1/txt2img"), new { prompt = "a red circle" }, leave.Token);
        await UntilAsync(p => p.GetProperty("state").GetProperty("job").GetString() is { Length: > 0 });

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await UntilAsync(p => p.GetProperty("state").GetProperty("job_count").GetInt32() == 0);
    }

    [Fact]
    public void Samplers_AllThatThereAre_HaveOneNameThere() =>
        Assert.Equal(Samplers.Names.Order(StringComparer.Ordinal), WebUiSamplers.All.Select(s => s.Name).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("dpm++ 2m karras", "dpmpp_2m", "Karras")]
    [InlineData("k_euler_a", "euler_a", "")]
    [InlineData("heun", "heun", "")]
    [InlineData("Euler Karras a", null, "")]
    public void FindSampler_NameOfAnyAge_IsUnderstood(string name, string? sampler, string schedule)
    {
        var (found, suffix) = WebUiSamplers.Find(name);

        Assert.Equal((sampler, schedule), (found?.Name, suffix));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("Bearer x", "Bearer x")]
    [InlineData("Basic", null)]
    [InlineData("Basic ", null)]
    [InlineData("Basic Og==", null)] // ":"
    [InlineData("basic dXNlcjprZXk=", "Bearer key")] // "user:key"
    [InlineData("Basic a2V5", "Bearer key")] // "key"
    [InlineData("Basic a2V5Og==", "Bearer key")] // "key:"
    [InlineData("Basic *", "Basic *")]
    [InlineData("Basically x", "Basically x")]
    public void BasicKey_AnyHeader_IsOneThatBearsTheKey(string? header, string? expected) => Assert.Equal(expected, BasicKey.AsBearer(header));
}
