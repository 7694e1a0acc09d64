using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.ServiceTests;

public sealed class WatchTests : JobTest
{
    [Fact]
    public async Task Watch_JobThatHasEnded_GivesWhatGenerateGave()
    {
        await StartAsync();
        Go();
        var generated = await Client.FulfilAsync(Wishes.Quick());

        var watched = await WatchAsync(generated[0].JobId);

        Assert.Equal(Wishes.File(generated), Wishes.File(watched));
        Assert.NotNull(watched[0].Queued);
        Assert.NotNull(watched[^1].Done);
        Assert.Equal(watched.Select(e => e.Sequence).Order().Distinct(), watched.Select(e => e.Sequence));
    }

    [Fact]
    public async Task Watch_FromEachNumber_GivesTheRest()
    {
        await StartAsync();
        Go();
        var all = await Client.FulfilAsync(Wishes.Quick());

        foreach (var (e, i) in all.Select((e, i) => (e, i)))
            Assert.Equal(all.Skip(i + 1), await WatchAsync(e.JobId, e.Sequence));
        Assert.Empty(await WatchAsync(all[0].JobId, ulong.MaxValue));
    }

    [Fact]
    public async Task Watch_WhileItRuns_GivesEveryWatcherTheEnd()
    {
        await StartAsync();
        var job = await Client.SubmitAsync(Wishes.Quick());
        using var first = Client.Watch(new WatchRequest { JobId = job.Id });
        using var second = Client.Generate(Wishes.Quick());
        await first.NextAsync(GenerateEvent.EventOneofCase.Queued);

        Go();

        Assert.NotNull((await Wishes.ReadAsync(first))[^1].Done);
        Assert.NotNull((await Wishes.ReadAsync(second))[^1].Done);
    }

    [Fact]
    public async Task Watch_JobThatFailed_EndsWithTheDetailsOfItsError()
    {
        await StartAsync();
        var request = Wishes.Quick();
        request.Source = new PictureInput { Image = Google.Protobuf.ByteString.CopyFromUtf8("no picture") };
        var generated = await Client.FailAsync(request);
        var job = Assert.Single((await Client.ListJobsAsync(new ListJobsRequest())).Jobs);

        var watched = await Assert.ThrowsAsync<RpcException>(() => WatchAsync(job.Id));

        Assert.Equal(generated.Status.Detail, watched.Status.Detail);
        Assert.Equal(RichErrors.Problems(generated), RichErrors.Problems(watched));
        Assert.Equal((JobState.Failed, (int)generated.StatusCode), (job.State, job.Error.Code));
    }
}
