using Diffusion.Mesh.Orchestrator;

namespace Diffusion.Mesh.ServiceTests;

public sealed class JobPaceTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Left_NoJobDoneYet_IsNotKnown()
    {
        var pace = new JobPace(_time);
        pace.End(pace.Begin(), isDone: false);

        Assert.Null(pace.Left(1));
    }

    [Theory]
    [InlineData(1, 15)]
    [InlineData(4, 30)]
    public void Left_TwoAtATime_IsThoseBeforeAndItself(int position, double seconds)
    {
        var pace = new JobPace(_time);
        for (var i = 0; i < 5; i++)
        {
            var (first, second) = (pace.Begin(), pace.Begin());
            _time.Advance(TimeSpan.FromSeconds(10));
            pace.End(first, isDone: true);
            // The second one's time was as long, and tells the same.
            var third = pace.Begin();
            pace.End(second, isDone: true);
            pace.End(third, isDone: false);
        }

        Assert.Equal(seconds, pace.Left(position)!.Value.TotalSeconds, 1e-6);
    }
}
