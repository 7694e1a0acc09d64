using Diffusion.Mesh.Client;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.ServiceTests;

public sealed class MeshClientTests(ClusterFixture cluster) : ClusterTest(cluster)
{
    private readonly MeshClient _mesh = new(new MeshClientOptions { Servers = [OrchestratorSetup.Nobody, cluster.Address] });

    [Fact]
    public async Task GeneratePictures_FirstServerIsGone_GivesThePicturesOfTheNext()
    {
        var request = Wishes.Quick();
        request.Count = 2;

        var made = await _mesh.GeneratePicturesAsync(request);

        var events = await Client.FulfilAsync(request);
        Assert.Equal([Wishes.File(events, 0), Wishes.File(events, 1)], made.Pictures.Select(p => p.File.ToArray()));
        Assert.All(made.Pictures, p => Assert.Equal(ImageFormat.Png, p.Format));
        Assert.Equal((7ul, 2u), (made.Settings.Seed, made.Settings.Steps));
        Assert.Empty(request.RequestId);
    }

    [Fact]
    public async Task Generate_WrongFields_NamesThemAll()
    {
        var error = await Assert.ThrowsAsync<MeshException>(
            () => _mesh.GeneratePicturesAsync(new GenerateRequest { Model = "none", Count = 99 }));

        Assert.Equal(StatusCode.InvalidArgument, error.Status);
        Assert.Equal(["count", "model"], error.Problems.Select(p => p.Field).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Generate_LoopIsLeft_CancelsTheJob()
    {
        var id = "";
        await foreach (var next in _mesh.GenerateAsync(Wishes.Quick(steps: 1000)))
        {
            id = next.JobId;
            if (next.Step is not null)
                break;
        }

        await foreach (var job in Jobs(id))
        {
            if (job.State == JobState.Cancelled)
                break;
        }
    }

    [Fact]
    public async Task Generate_Cancelled_CancelsTheJob()
    {
        using var stop = new CancellationTokenSource();
        var id = "";
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var next in _mesh.GenerateAsync(Wishes.Quick(steps: 1000), cancellationToken: stop.Token))
            {
                id = next.JobId;
                if (next.Step is not null)
                    await stop.CancelAsync();
            }
        });

        await foreach (var job in Jobs(id))
        {
            if (job.State == JobState.Cancelled)
                break;
        }
    }

    [Fact]
    public async Task Submit_ThenWatch_TellsEveryPiece()
    {
        var job = await _mesh.SubmitAsync(Wishes.Quick(seed: 8));

        var events = new List<GenerateEvent>();
        await foreach (var next in _mesh.WatchAsync(job.Id))
            events.Add(next);

        Assert.NotNull(events[^1].Done);
        Assert.Equal(Wishes.File(await Client.FulfilAsync(Wishes.Quick(seed: 8))), Wishes.File(events));
        Assert.False(await _mesh.CancelAsync(job.Id));
        var listed = new List<string>();
        await foreach (var one in _mesh.ListJobsAsync(JobState.Done))
            listed.Add(one.Id);
        Assert.Contains(job.Id, listed);
    }

    [Fact]
    public async Task Submit_Timeout_IsTheJobsDeadline()
    {
        var job = await _mesh.SubmitAsync(Wishes.Quick(), TimeSpan.FromMinutes(3));

        Assert.InRange((job.Deadline - job.AcceptedTime).ToTimeSpan(), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(3));
    }

    [Fact]
    public async Task GetJob_Unknown_IsNotFound() =>
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<MeshException>(() => _mesh.GetJobAsync("none"))).Status);

    [Fact]
    public async Task ListModels_NoServerAnswers_SaysWhichOne()
    {
        using var lost = new MeshClient(OrchestratorSetup.Nobody);

        var error = await Assert.ThrowsAsync<MeshException>(() => lost.ListModelsAsync());

        Assert.Equal(StatusCode.Unavailable, error.Status);
        Assert.Contains(OrchestratorSetup.Nobody.Authority, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListModels_Server_GivesThem() => Assert.Single(await _mesh.ListModelsAsync());

    // As it is now, again and again.
    private async IAsyncEnumerable<Job> Jobs(string id)
    {
        while (true)
        {
            yield return await _mesh.GetJobAsync(id, Patience.Token);
            await Task.Delay(TimeSpan.FromMilliseconds(20), Patience.Token);
        }
    }
}
