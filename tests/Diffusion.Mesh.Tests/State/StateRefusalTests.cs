using Diffusion.Mesh.V1;
using Google.Protobuf;
using Grpc.Core;

namespace Diffusion.Mesh.Tests;

/// <summary>A state of another kind is refused, and the message says why.</summary>
[Collection(MeshCollection.Name)]
public sealed class StateRefusalTests(MeshFixture mesh)
{
    private static readonly Dictionary<string, (Action<SamplerState> Change, string Reason)> _changes = new()
    {
        ["format version"] = (state => state.FormatVersion = 2, "has format version 2, and this worker reads 1"),
        ["model revision"] = (state => state.ModelRevision = "0123456789abcdef", "is of model revision 0123456789abcdef"),
        ["execution provider"] = (state => state.ExecutionProvider = "cuda", "was computed by execution provider 'cuda', and this worker's is 'cpu'"),
        ["sampler"] = (state => state.Sampler = "euler", "is of sampler 'euler', and the job's is 'dpmpp_2m'"),
        ["size"] = (state => state.Latents = Tensor(1, 8, 4, 8), "has latents of another shape than the job's"),
        ["pictures"] = (state => state.Noise.Images = 2, "has latents of another shape than the job's"),
        ["bytes"] = (state => state.Latents.Data = ByteString.CopyFrom(1, 2, 3), "has broken latents: The shape [1, 8, 8, 8] does not fit 3 bytes"),
        ["position"] = (state => state.Position = 9, "is at evaluation 9 of 4"),
        ["history slots"] = (state => state.History.Clear(), "has 0 history slots"),
        ["history shape"] = (state => state.History[0] = Tensor(1, 8, 4, 8), "has history[0] of another shape than the job's"),
        ["noise between draws"] = (state => state.Noise.NumbersDrawn += 100, "has a noise stream between two draws"),
        ["noise far away"] = (state => state.Noise.NumbersDrawn = 1ul << 62, "more than its position can have taken"),
    };

    public static TheoryData<string> Changes => [.. _changes.Keys];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Denoise_StateOfAnotherKind_IsRefused(string change)
    {
        var job = await mesh.JobAsync(StateCases.Request("dpmpp_2m", 4));
        var state = Begun();
        await mesh.Unet.DenoiseAsync(job.From(state));
        _changes[change].Change(state);

        var error = await Assert.ThrowsAsync<RpcException>(() => mesh.Unet.DenoiseAsync(job.From(state)));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.StartsWith("The sampler state ", error.Status.Detail);
        Assert.Contains(_changes[change].Reason, error.Status.Detail);
    }

    [Fact]
    public async Task Denoise_JobForAnotherRevision_IsRefused()
    {
        var job = await mesh.JobAsync(StateCases.Request("ddim", 4));
        job.ModelRevision = "0123456789abcdef";

        var error = await Assert.ThrowsAsync<RpcException>(() => mesh.Unet.DenoiseAsync(job));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains(mesh.Model.Revision, error.Status.Detail);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1ul << 62)]
    public async Task Denoise_NoiseThatNoRunBeginsAfter_NamesTheField(ulong drawn)
    {
        var job = await mesh.JobAsync(StateCases.Request("ddim", 4));
        job.Noise.NumbersDrawn = drawn;

        var error = await Assert.ThrowsAsync<RpcException>(() => mesh.Unet.DenoiseAsync(job));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Equal("job.noise.numbers_drawn", Assert.Single(RichErrors.Problems(error)).Field);
    }

    private SamplerState Begun() => new()
    {
        FormatVersion = 1,
        ModelRevision = mesh.Model.Revision,
        ExecutionProvider = "cpu",
        Sampler = "dpmpp_2m",
        Position = 1,
        Latents = Tensor(1, 8, 8, 8),
        History = { Tensor(1, 8, 8, 8) },
        Noise = new NoiseStream { Seed = 7, Images = 1, NumbersDrawn = 512 },
    };

    private static Tensor Tensor(params long[] shape) => new()
    {
        Dtype = DataType.Float32,
        Shape = { shape },
        Data = ByteString.CopyFrom(new byte[4 * shape.Aggregate(1L, (a, b) => a * b)]),
    };
}
