using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.ServiceTests;

public sealed class AdmissionTests : FakeTest
{
    [Fact]
    public async Task Generate_QueueFull_IsResourceExhaustedUntilThereIsRoom()
    {
        var may = new TaskCompletionSource();
        var client = (await OrchestrateAsync([Willing(may.Task)], s => s with { Running = 1, Queued = 1 })).Client();
        using var running = client.Generate(Wishes.Quick());
        await running.NextAsync(GenerateEvent.EventOneofCase.Queued);
        using var waiting = client.Generate(Wishes.Quick());
        await waiting.NextAsync(GenerateEvent.EventOneofCase.Queued);

        var error = await client.FailAsync(Wishes.Quick());
        may.SetResult();
        await Wishes.ReadAsync(running);
        await Wishes.ReadAsync(waiting);
        var later = await client.FulfilAsync(Wishes.Quick());

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.True(RichErrors.RetryAfter(error) > TimeSpan.Zero);
        Assert.NotNull(later[^1].Done);
    }

    [Theory]
    [InlineData("text encoder")]
    [InlineData("UNet worker")]
    [InlineData("VAE")]
    public async Task Generate_NobodyListens_IsUnavailableAndNamesServiceAndAddress(string role)
    {
        var client = (await OrchestrateAsync([Willing()], s => role switch
        {
            "text encoder" => s with { TextEncoders = [OrchestratorSetup.Nobody] },
            "VAE" => s with { Vaes = [OrchestratorSetup.Nobody] },
            _ => s with { Unets = [OrchestratorSetup.Nobody] },
        })).Client();

        var error = await client.FailAsync(Wishes.Quick());

        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains(role, error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains(OrchestratorSetup.Nobody.Authority, error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_EveryUnetRefusesWithoutTellingItsLoad_IsResourceExhausted()
    {
        var full = new FakeUnet(_ => throw new RpcException(new Status(StatusCode.ResourceExhausted, "full")));
        var client = (await OrchestrateAsync([full, full])).Client();

        var error = await client.FailAsync(Wishes.Quick());

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Equal(new RoutingOptions().MaxFailures, full.Jobs.Count);
    }

    [Fact]
    public async Task Generate_WorkerFailsInside_FailsWithoutTryingAnother()
    {
        var broken = new FakeUnet(_ => throw new RpcException(new Status(StatusCode.Internal, "broken")));
        var client = (await OrchestrateAsync([broken, broken])).Client();

        var error = await client.FailAsync(Wishes.Quick());

        Assert.Equal(StatusCode.Internal, error.StatusCode);
        Assert.Single(broken.Jobs);
    }
}
