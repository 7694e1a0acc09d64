using Diffusion.Mesh.Import.Recognition;

namespace Diffusion.Mesh.Import.Tests.Recognition;

public class NoiseLevelsTests
{
    [Fact]
    public void Apply_UsualTableRoundedToBfloat16_ChangesNothing()
    {
        var scheduler = Family.Sd15.Scheduler();

        Assert.Null(NoiseLevels.Apply([.. Usual().Select(Rounded)], scheduler));
        Assert.False(scheduler.ContainsKey("trained_betas"));
    }

    [Fact]
    public void Apply_EndsInNoiseAlone_RescalesToZero()
    {
        var table = Usual();
        table[^1] = 0;
        var scheduler = Family.Sd21.Scheduler();

        Assert.Contains("zero terminal signal", NoiseLevels.Apply(table, scheduler), StringComparison.Ordinal);
        Assert.True(scheduler["rescale_betas_zero_snr"]!.GetValue<bool>());
        Assert.Equal("trailing", scheduler["timestep_spacing"]!.GetValue<string>());
    }

    [Fact]
    public void Apply_AnotherTable_BetasGiveItBack()
    {
        float[] table = [0.9f, 0.5f, 0.25f];
        var scheduler = Family.Sd15.Scheduler();

        Assert.NotNull(NoiseLevels.Apply(table, scheduler));

        var signal = 1.0;
        var back = scheduler["trained_betas"]!.AsArray().Select(b => (float)(signal *= 1 - b!.GetValue<double>())).ToArray();
        Assert.Equal(table, back);
        Assert.Equal(3, scheduler["num_train_timesteps"]!.GetValue<int>());
    }

    [Fact]
    public void Apply_NoTableOfSignals_IsIgnoredAloud()
    {
        var scheduler = Family.Sd15.Scheduler();

        Assert.StartsWith("ignored", NoiseLevels.Apply([0.5f, 0.7f, 0.1f], scheduler), StringComparison.Ordinal);
        Assert.False(scheduler.ContainsKey("trained_betas"));
    }

    private static float[] Usual()
    {
        var product = 1.0;
        return [.. Enumerable.Range(0, 1000).Select(t =>
        {
            var root = Math.Sqrt(0.00085) + ((Math.Sqrt(0.012) - Math.Sqrt(0.00085)) * t / 999);
            return (float)(product *= 1 - (root * root));
        })];
    }

    private static float Rounded(float value) => BitConverter.UInt32BitsToSingle((BitConverter.SingleToUInt32Bits(value) + 0x8000) & 0xFFFF0000);
}
