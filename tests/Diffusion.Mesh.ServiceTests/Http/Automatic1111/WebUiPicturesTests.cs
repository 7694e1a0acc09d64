using System.Net.Http.Json;
using System.Text.Json;
using Diffusion.Mesh.Imaging;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Pictures by AUTOMATIC1111's API, made with the default model.</summary>
public sealed class WebUiPicturesTests(ClusterFixture cluster) : ClusterTest(cluster)
{
    private const int Side = 64;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task ImageToImage_Mask_KeepsTheRestToThePixel(int invert)
    {
        var source = Convert.ToBase64String(Pictures.Png(Side, Side));
        var mask = Convert.ToBase64String(PictureFile.Write(Half(), PictureFormat.Png, 90, []));

        var answer = await PostAsync("img2img", new
        {
            prompt = "a (red:1.2) circle",
            init_images = new[] { $"data:image/png;base64,{source}" },
            mask,
            inpainting_mask_invert = invert,
            inpainting_fill = 1,
            denoising_strength = 1,
            steps = 4,
            seed = 3,
            width = Side,
            height = Side,
        });

        var picture = PictureFile.Read(answer.GetProperty("images")[0].GetBytesFromBase64(), new PictureLimits());
        Assert.Equal((Side, Side), (picture.Width, picture.Height));
        var (left, right) = (Changed(picture, 0), Changed(picture, Side / 2));
        Assert.Equal((invert == 0, invert == 1), (left > 0, right > 0));
    }

    [Fact]
    public async Task TextToImage_ItsSeedAgain_IsTheSamePicture()
    {
        var first = await PostAsync("txt2img", new { prompt = "a red circle", steps = 2, sampler_name = "DDIM", override_settings = new { sd_model_checkpoint = "shapes.safetensors [0123]" } });
        var info = JsonDocument.Parse(first.GetProperty("info").GetString()!).RootElement;

        var second = await PostAsync("txt2img", new { prompt = "a red circle", steps = 2, sampler_name = "DDIM", seed = info.GetProperty("all_seeds")[0].GetUInt64() });

        Assert.Equal(first.GetProperty("images")[0].GetString(), second.GetProperty("images")[0].GetString());
    }

    [Fact]
    public async Task Progress_WhileItPaints_ShowsWhatItLooksLike()
    {
        using var client = new HttpClient { BaseAddress = Cluster.Console };
        var patience = Patience.Token;
        var waiting = client.PostAsJsonAsync("/sdapi/v1/txt2img", new { prompt = "a red circle", steps = 1000, override_settings = new { show_progress_every_n_steps = 1 } }, patience);
        JsonElement progress;
        do
            progress = await client.GetFromJsonAsync<JsonElement>("/sdapi/v1/progress", patience);
        while (progress.GetProperty("current_image").ValueKind == JsonValueKind.Null);

        using var interrupted = await client.PostAsync(new Uri("/sdapi/v1/interrupt", UriKind.Relative), null, patience);

        Assert.Equal(200, (int)interrupted.StatusCode);
        Assert.Equal(499, (int)(await waiting).StatusCode);
        Assert.Equal((8, 8), PictureFile.Identify(progress.GetProperty("current_image").GetBytesFromBase64(), new PictureLimits()));
        Assert.InRange(progress.GetProperty("progress").GetDouble(), 0.001, 0.999);
        Assert.Equal(1000, progress.GetProperty("state").GetProperty("sampling_steps").GetInt32());
    }

    // White on the left.
    private static Picture Half()
    {
        var rgb = new byte[3 * Side * Side];
        for (var i = 0; i < rgb.Length; i++)
            rgb[i] = i / 3 % Side < Side / 2 ? (byte)255 : (byte)0;
        return new Picture(Side, Side, rgb);
    }

    // Numbers of a half that are not the source's grey.
    private static int Changed(Picture picture, int from) => Enumerable.Range(0, Side * Side)
        .Where(i => i % Side >= from && i % Side < from + Side / 2)
        .Count(i => picture.Rgb[3 * i] != 128 || picture.Rgb[3 * i + 1] != 128 || picture.Rgb[3 * i + 2] != 128);

    private async Task<JsonElement> PostAsync(string name, object body)
    {
        using var client = new HttpClient { BaseAddress = Cluster.Console };
        using var response = await client.PostAsJsonAsync($"/sdapi/v1/{name}", body, Patience.Token);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(response.IsSuccessStatusCode, answer.ToString());
        return answer;
    }
}
