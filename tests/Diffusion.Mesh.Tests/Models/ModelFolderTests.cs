using System.Text.Json.Nodes;
using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.Tests;

/// <summary>A model's facts from its small files, and one clear error where a part is missing or broken.</summary>
public sealed class ModelFolderTests : IDisposable
{
    private readonly ModelCopy _copy = new();

    [Fact]
    public void Read_DefaultModel_TellsItsFacts()
    {
        var facts = ModelFolder.Read(_copy.Folder);

        Assert.Equal("shapes", facts.Name);
        Assert.Equal(new UnetFacts(8, 8, 4, 8, 128, 0, false), facts.Unet);
        Assert.Equal((8, 16, 0.0), (facts.LatentChannels, facts.Scale, facts.Vae?.ShiftFactor));
        Assert.Equal(new TextTowerFacts("text_encoder", "tokenizer", 32, 128, 1e-5), Assert.Single(facts.TextTowers));
        Assert.Equal((64, 128), (facts.SizeMultiple, facts.DefaultSize));
        Assert.Equal(("DDIMScheduler", "v_prediction", true),
            (facts.Scheduler.ClassName, facts.Scheduler.PredictionType, facts.Scheduler.RescaleBetasZeroSnr));
        Assert.Equal((true, true, true), (facts.HasVaeEncoder, facts.HasImageEncoder, facts.HasImageProjection));
        Assert.Equal(new GenerationDefaults(20, 4), facts.Defaults);
    }

    [Theory]
    [InlineData("model_index.json")]
    [InlineData("text_encoder/model.onnx")]
    [InlineData("text_encoder/config.json")]
    [InlineData("unet/model.onnx")]
    [InlineData("unet/config.json")]
    [InlineData("vae_decoder/model.onnx")]
    [InlineData("vae_decoder/config.json")]
    [InlineData("tokenizer/vocab.json")]
    [InlineData("tokenizer/merges.txt")]
    [InlineData("scheduler/scheduler_config.json")]
    public void Read_PartMissing_NamesIt(string part)
    {
        _copy.Delete(part);

        AssertNames(part, "is missing");
    }

    [Theory]
    [InlineData("model_index.json")]
    [InlineData("text_encoder/config.json")]
    [InlineData("unet/config.json")]
    [InlineData("vae_decoder/config.json")]
    [InlineData("scheduler/scheduler_config.json")]
    [InlineData("mesh.json")]
    public void Read_ConfigurationCutShort_NamesIt(string part)
    {
        var bytes = _copy.Read(part);
        _copy.Write(part, bytes.AsSpan(0, bytes.Length / 2));

        AssertNames(part, "is not valid JSON");
    }

    [Theory]
    [InlineData("unet/config.json", "in_channels", "\"8\"")]
    [InlineData("unet/config.json", "sample_size", "-8")]
    [InlineData("unet/config.json", "block_out_channels", "[]")]
    [InlineData("vae_decoder/config.json", "latent_channels", "8.5")]
    [InlineData("vae_decoder/config.json", "scaling_factor", "\"a\"")]
    [InlineData("text_encoder/config.json", "max_position_embeddings", null)]
    [InlineData("scheduler/scheduler_config.json", "num_train_timesteps", "\"many\"")]
    public void Read_FieldWrong_NamesFileAndField(string part, string field, string? value)
    {
        var config = JsonNode.Parse(_copy.Read(part))!.AsObject();
        config[field] = value is null ? null : JsonNode.Parse(value);
        _copy.Write(part, config.ToJsonString());

        AssertNames(part, field);
    }

    [Theory]
    [InlineData("vae_encoder")]
    [InlineData("image_encoder")]
    [InlineData("image_projection")]
    public void Read_PartThatTheIndexDoesNotName_IsNotNeeded(string part)
    {
        var index = JsonNode.Parse(_copy.Read("model_index.json"))!.AsObject();
        index.Remove(part);
        _copy.Write("model_index.json", index.ToJsonString());
        _copy.Delete($"{part}/model.onnx");
        var facts = ModelFolder.Read(_copy.Folder);

        Assert.Equal(part != "vae_encoder", facts.HasVaeEncoder);
        Assert.Equal(part != "image_encoder", facts.HasImageEncoder);
        Assert.Equal(part != "image_projection", facts.HasImageProjection);
    }

    [Theory]
    [InlineData("text_encoder")]
    [InlineData("vae_encoder")]
    [InlineData("image_encoder")]
    public void Read_PartThatTheIndexNamesIsMissing_NamesIt(string part)
    {
        _copy.Delete($"{part}/model.onnx");

        AssertNames($"{part}/model.onnx", "is missing");
    }

    public void Dispose() => _copy.Dispose();

    private void AssertNames(string part, string problem)
    {
        var error = Assert.Throws<ModelFormatException>(() => ModelFolder.Read(_copy.Folder));
        Assert.Equal(part, error.Part);
        Assert.Contains(ModelCopy.Name, error.Message);
        Assert.Contains(part, error.Message);
        Assert.Contains(problem, error.Message);
    }
}
