using System.Text.Json;
using Xunit;

namespace Diffusion.Mesh.Sampling.Tests;

public sealed class SchedulerConfigTests
{
    [Fact]
    public void Parse_FileOfAModel_HasItsFieldsAndNullsForTheRest()
    {
        var config = SchedulerConfig.Parse("""
            { "_class_name": "DDIMScheduler", "_diffusers_version": "0.40.0", "beta_start": 0.00085, "steps_offset": 1,
              "clip_sample": false, "trained_betas": null, "prediction_type": "v_prediction", "skipped": {"by": ["us"]} }
            """u8);

        Assert.Equal("DDIMScheduler", config.ClassName);
        Assert.Equal(0.00085, config.BetaStart);
        Assert.Equal(1, config.StepsOffset);
        Assert.False(config.ClipSample);
        Assert.Equal("v_prediction", config.PredictionType);
        Assert.Null(config.TrainedBetas);
        Assert.Null(config.TimestepSpacing);
    }

    [Fact]
    public void Parse_BareInfinity_IsTakenAsPythonWritesIt()
    {
        var config = SchedulerConfig.Parse("""
            { "_class_name": "-Infinity \"NaN\"", "lambda_min_clipped": -Infinity, "solver_order": 3 }
            """u8);

        Assert.Equal(double.NegativeInfinity, config.LambdaMinClipped);
        Assert.Equal(3, config.SolverOrder);
        Assert.Equal("-Infinity \"NaN\"", config.ClassName);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{ "_class_name": 5 }""")]
    [InlineData("""{ "steps_offset": "one" }""")]
    public void Parse_NotAConfiguration_Throws(string text) =>
        Assert.ThrowsAny<JsonException>(() => SchedulerConfig.Parse(System.Text.Encoding.UTF8.GetBytes(text)));
}
