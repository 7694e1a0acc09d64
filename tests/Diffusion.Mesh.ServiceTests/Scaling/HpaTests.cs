using Diffusion.Mesh.Autoscaling;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>The rules of Kubernetes' HPA as the simulation has them, with a target of 6 s.</summary>
public sealed class HpaTests
{
    private const double Target = 6;

    private readonly HorizontalPodAutoscaler _hpa = new(new HpaRules { MaxReplicas = 30 });

    [Theory]
    [InlineData(10, 65.9, 10)]
    [InlineData(10, 66.1, 12)]
    [InlineData(10, 54.1, 10)]
    [InlineData(1, 25, 5)]
    [InlineData(1, 1000, 5)]
    [InlineData(10, 1000, 20)]
    [InlineData(20, 1000, 30)]
    public void Desire_Total_IsSharedWithinToleranceAndLimits(int current, double total, int expected) =>
        Assert.Equal(expected, _hpa.Desire(TimeSpan.Zero, current, total, Target));

    [Fact]
    public void Desire_LookedAtTwiceInAPeriod_AddsOnce()
    {
        Assert.Equal(6, At(0, 2, 1000));
        Assert.Equal(6, At(5, 6, 1000));
        Assert.Equal(12, At(15, 6, 1000));
    }

    [Fact]
    public void Desire_LessWork_FollowsTheHighestOfFiveMinutes()
    {
        Assert.Equal(10, At(0, 10, 60));
        Assert.Equal(10, At(15, 10, 24));
        Assert.Equal(10, At(300, 10, 6));
        // Out of sight is what was recommended more than 300 s ago.
        Assert.Equal(4, At(315, 10, 6));
        Assert.Equal(1, At(330, 4, 6));
    }

    [Fact]
    public void Desire_NoWork_KeepsOne()
    {
        Assert.Equal(3, At(0, 3, 0));
        Assert.Equal(1, At(315, 3, 0));
    }

    [Fact]
    public void Keda_Activity_IsFollowedUpAtOnceAndDownAfterTheCooldown()
    {
        var keda = new KedaActivation(new KedaRules());

        Assert.Equal(0, keda.Desire(TimeSpan.Zero, 0, isActive: false));
        Assert.Equal(1, keda.Desire(TimeSpan.FromSeconds(1), 0, isActive: true));
        Assert.Equal(7, keda.Desire(TimeSpan.FromSeconds(30), 7, isActive: true));
        Assert.Equal(7, keda.Desire(TimeSpan.FromSeconds(330), 7, isActive: false));
        Assert.Equal(0, keda.Desire(TimeSpan.FromSeconds(331), 7, isActive: false));
    }

    [Fact]
    public void Keda_LeastReplicas_AreKept()
    {
        var keda = new KedaActivation(new KedaRules { MinReplicas = 2 });

        Assert.Equal(2, keda.Desire(TimeSpan.FromHours(1), 2, isActive: false));
        Assert.Equal(2, keda.Desire(TimeSpan.FromHours(1), 1, isActive: true));
    }

    private int At(double seconds, int current, double total) => _hpa.Desire(TimeSpan.FromSeconds(seconds), current, total, Target);
}
