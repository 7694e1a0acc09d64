namespace Diffusion.Mesh.ServiceTests;

public sealed class ManyJobsTests : FakeTest
{
    // More streams than a server keeps count of on one connection; those whose sending half stays open count for seconds.
    private const int Clients = 8;
    private const int JobsEach = 50;

    [Fact]
    public async Task Generate_ManyQuickJobs_LeaveNoStreamHalfOpen()
    {
        var client = (await OrchestrateAsync([Willing()])).Client();

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            for (var i = 0; i < JobsEach; i++)
                Assert.NotNull((await client.FulfilAsync(Wishes.Quick()))[^1].Done);
        }));
    }
}
