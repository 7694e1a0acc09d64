using Diffusion.Mesh.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Diffusion.Mesh.ServiceTests;

public sealed class DenoiseErrorTests(FleetFixture fleet) : FleetTest(fleet)
{
    private static readonly Dictionary<string, (string Field, Action<DenoiseJob> Spoil)> Wrong = new()
    {
        ["no job id"] = ("job.job_id", j => j.JobId = ""),
        ["long job id"] = ("job.job_id", j => j.JobId = new string('a', 129)),
        ["no start"] = ("job.start", j => j.Noise = null),
        ["no images"] = ("job.noise.images", j => j.Noise.Images = 0),
        ["too many images"] = ("job.noise.images", j => j.Noise.Images = uint.MaxValue),
        ["noise between two draws"] = ("job.noise.numbers_drawn", j => j.Noise.NumbersDrawn = 5),
        ["height 0"] = ("job.latent_height", j => j.LatentHeight = 0),
        ["height no multiple"] = ("job.latent_height", j => j.LatentHeight = 7),
        ["width huge"] = ("job.latent_width", j => j.LatentWidth = uint.MaxValue / 4 * 4),
        ["too many latents"] = ("job.latent_width", j => (j.LatentHeight, j.LatentWidth, j.Noise.Images) = (16384, 16384, 16)),
        ["no steps"] = ("job.schedule.steps", j => j.Schedule = null),
        ["steps 0"] = ("job.schedule.steps", j => j.Schedule.Steps = 0),
        ["unknown sampler"] = ("job.sampler.name", j => j.Sampler = new Sampler { Name = "none" }),
        ["eta NaN"] = ("job.sampler.eta", j => j.Sampler = new Sampler { Eta = double.NaN }),
        ["guidance NaN"] = ("job.guidance.scale", j => j.Guidance.Scale = double.NaN),
        ["deadline no time"] = ("job.deadline", j => j.Deadline = new Timestamp { Nanos = -1 }),
        ["deadline after time's end"] = ("job.deadline", j => j.Deadline = new Timestamp { Seconds = long.MaxValue }),
        ["no conditioning"] = ("job.positive.encoder_hidden_states", j => j.Positive = null),
        ["empty conditioning"] = ("job.positive.encoder_hidden_states", j => j.Positive = new Conditioning()),
        ["no negative tensor"] = ("job.negative.encoder_hidden_states", j => j.Negative = new Conditioning()),
        ["unknown input"] = ("job.positive.nothing", j => j.Positive.Tensors.Add(new NamedTensor { Name = "nothing", Tensor = Shapes.Zeros(1) })),
        ["given twice"] = ("job.positive.encoder_hidden_states", j => j.Positive.Tensors.Add(j.Positive.Tensors[0].Clone())),
        ["no tensor"] = ("job.positive.encoder_hidden_states", j => j.Positive.Tensors[0].Tensor = null),
        ["no dtype"] = ("job.positive.encoder_hidden_states", j => j.Positive.Tensors[0].Tensor.Dtype = DataType.Unspecified),
        ["too few bytes"] = ("job.positive.encoder_hidden_states", j => j.Positive.Tensors[0].Tensor.Data = ByteString.CopyFrom(1, 2, 3)),
        ["dimension -1"] = ("job.positive.encoder_hidden_states", j => j.Positive.Tensors[0].Tensor.Shape[1] = -1),
        ["another width"] = ("job.positive.encoder_hidden_states", j => j.Positive.Tensors[0].Tensor = Shapes.Zeros(1, 32, 7)),
        ["another rank"] = ("job.positive.encoder_hidden_states", j => j.Positive.Tensors[0].Tensor = Shapes.Zeros(1, 128)),
        ["scalar"] = ("job.positive.encoder_hidden_states", j => j.Positive.Tensors[0].Tensor = Shapes.Zeros()),
        ["rows of no picture"] = ("job.positive.encoder_hidden_states", j => j.Positive = Shapes.Conditioning(rows: 3)),
    };

    public static TheoryData<string> Names => [.. Wrong.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Denoise_OneWrongField_IsNamedAlone(string name)
    {
        var job = Shapes.Job();
        Wrong[name].Spoil(job);

        var error = await FailAsync(new DenoiseRequest { Job = job });

        Assert.True(error.StatusCode == StatusCode.InvalidArgument, error.Status.ToString());
        Assert.Equal([Wrong[name].Field], RichErrors.Problems(error).Select(p => p.Field));
    }

    [Fact]
    public async Task Denoise_CancelAsFirstMessage_IsInvalid()
    {
        var error = await FailAsync(new DenoiseRequest { Cancel = new CancelDenoise() });

        Assert.Equal(["job"], RichErrors.Problems(error).Select(p => p.Field));
    }

    [Fact]
    public async Task Denoise_NoMessage_IsInvalid()
    {
        var error = await FailAsync(null);

        Assert.Equal(["job"], RichErrors.Problems(error).Select(p => p.Field));
    }

    [Fact]
    public async Task Denoise_UnknownModel_IsNotFound()
    {
        var job = Shapes.Job();
        job.Model = "no-such-model";

        Assert.Equal(StatusCode.NotFound, (await FailAsync(new DenoiseRequest { Job = job })).StatusCode);
    }

    [Fact]
    public async Task Denoise_OtherRevision_IsFailedPrecondition()
    {
        var job = Shapes.Job();
        job.ModelRevision = "other";

        Assert.Equal(StatusCode.FailedPrecondition, (await FailAsync(new DenoiseRequest { Job = job })).StatusCode);
    }

    [Fact]
    public async Task Denoise_DeadlineInThePast_IsDeadlineExceeded()
    {
        var job = Shapes.Job();
        job.Deadline = new Timestamp { Seconds = 1 };

        Assert.Equal(StatusCode.DeadlineExceeded, (await FailAsync(new DenoiseRequest { Job = job })).StatusCode);
    }

    [Fact]
    public async Task Denoise_StateWithoutLatents_IsFailedPrecondition()
    {
        var job = Shapes.Job();
        job.State = new SamplerState
        {
            FormatVersion = 1,
            ModelRevision = Fleet.Revision,
            ExecutionProvider = "cpu",
            Sampler = "ddim",
            Noise = new NoiseStream { Images = 1 },
        };

        Assert.Equal(StatusCode.FailedPrecondition, (await FailAsync(new DenoiseRequest { Job = job })).StatusCode);
    }

    private async Task<RpcException> FailAsync(DenoiseRequest? first)
    {
        using var call = new V1.Unet.UnetClient(Fleet.Unet.Channel).Denoise(cancellationToken: Patience.Token);
        if (first is not null)
            await call.RequestStream.WriteAsync(first);
        await call.RequestStream.CompleteAsync();
        return await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext())
            {
            }
        });
    }
}
