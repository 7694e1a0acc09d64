using Xunit;

namespace Diffusion.Mesh.Sampling.Tests;

public sealed class GuidanceTests
{
    [Fact]
    public void Combine_IntoAnInput_MovesAlongTheDifference()
    {
        float[] unguided = [1, -2, 0.5f];
        float[] guided = [2, -1, 0.5f];

        Guidance.Combine(unguided, guided, 7.5, guided);

        Assert.Equal([8.5f, 5.5f, 0.5f], guided);
    }

    [Fact]
    public void Rescale_Fully_HasTheGuidedDeviation()
    {
        float[] combined = [4, -4, 8, -8];
        float[] guided = [1, -1, 2, -2];

        Guidance.Rescale(combined, guided, 1);

        Assert.Equal([1f, -1f, 2f, -2f], combined);
    }

    [Fact]
    public void Rescale_Half_IsTheMean()
    {
        float[] combined = [4, -4, 8, -8];

        Guidance.Rescale(combined, [1, -1, 2, -2], 0.5);

        Assert.Equal([2.5f, -2.5f, 5f, -5f], combined);
    }
}
