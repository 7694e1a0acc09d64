using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.State;

namespace Diffusion.Mesh.ServiceTests;

public sealed class JobMessagesTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(JobState.Running, 5, 10, 30.0)]
    [InlineData(JobState.Running, 20, 10, 0.0)]
    [InlineData(JobState.Running, 5, -10, 0.0)]
    [InlineData(JobState.Running, 0, 10, null)]
    [InlineData(JobState.Done, 20, 10, null)]
    public void Of_Job_TellsWhatIsLeftAtThePaceSoFar(JobState state, int completed, int seconds, double? left)
    {
        var job = Job() with { State = state, Completed = completed, Started = s_now.AddSeconds(-seconds) };

        Assert.Equal(left, JobMessages.Of(job, s_now, new JobPace(TimeProvider.System)).EstimatedTimeLeft?.ToTimeSpan().TotalSeconds);
    }

    [Fact]
    public void Of_QueuedJob_LeavesOutWhatIsNotKnown()
    {
        var message = JobMessages.Of(Job() with { State = JobState.Queued, QueuePosition = 3 }, s_now, new JobPace(TimeProvider.System));

        Assert.Equal(("model@1", "revision", 3u), (message.Model, message.ModelRevision, message.QueuePosition));
        Assert.Null(message.EstimatedTimeLeft);
        Assert.Null(message.StartedTime);
        Assert.Null(message.EndedTime);
        Assert.Null(message.Error);
        Assert.Null(message.Expiry);
    }

    [Fact]
    public void Of_QueuedJobAfterOthersWereMade_TellsWhatMayBeLeft()
    {
        var (time, job) = (new ManualTime(), Job() with { State = JobState.Queued, QueuePosition = 3 });
        var pace = new JobPace(time);
        var begun = pace.Begin();
        time.Advance(TimeSpan.FromSeconds(2));
        pace.End(begun, isDone: true);

        Assert.Equal(8, JobMessages.Of(job, s_now, pace).EstimatedTimeLeft.ToTimeSpan().TotalSeconds, 1e-6);
    }

    private static JobInfo Job() => new()
    {
        Id = "job",
        Tenant = "tenant",
        RequestId = "",
        State = JobState.Running,
        Completed = 0,
        Evaluations = 20,
        // A model's name may have an @.
        Model = "model@1@revision",
        Priority = 0,
        Cost = 1,
        Submitted = s_now,
        Deadline = s_now.AddMinutes(1),
    };
}
