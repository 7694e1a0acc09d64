using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.ServiceTests;

public sealed class GenerateErrorTests(ClusterFixture cluster) : ClusterTest(cluster)
{
    private static readonly Dictionary<string, (string Field, Action<GenerateRequest> Spoil)> Wrong = new()
    {
        ["unknown model"] = ("model", r => r.Model = "no-such-model"),
        ["path as model"] = ("model", r => r.Model = "../models/shapes"),
        ["unknown sampler"] = ("sampler.name", r => r.Sampler = new Sampler { Name = "no-such-sampler" }),
        ["width no multiple"] = ("width", r => r.Width = 100),
        ["width zero"] = ("width", r => r.Width = 0),
        ["width negative"] = ("width", r => r.Width = -64),
        ["width huge"] = ("width", r => r.Width = int.MaxValue / 64 * 64),
        ["height no multiple"] = ("height", r => r.Height = 65),
        ["height over the limit"] = ("height", r => r.Height = 576),
        ["too many pixels"] = ("width", r => (r.Width, r.Height) = (512, 192)),
        ["steps 0"] = ("schedule.steps", r => r.Schedule.Steps = 0),
        ["steps -1"] = ("schedule.steps", r => r.Schedule.Steps = -1),
        ["steps 1001"] = ("schedule.steps", r => r.Schedule.Steps = 1001),
        ["guidance -1"] = ("guidance_scale", r => r.GuidanceScale = -1),
        ["guidance 51"] = ("guidance_scale", r => r.GuidanceScale = 51),
        ["guidance NaN"] = ("guidance_scale", r => r.GuidanceScale = double.NaN),
        ["guidance infinite"] = ("guidance_scale", r => r.GuidanceScale = double.PositiveInfinity),
        ["count 0"] = ("count", r => r.Count = 0),
        ["count 17"] = ("count", r => r.Count = 17),
        ["long prompt"] = ("prompt", r => r.Prompt = new string('a', 10_001)),
        ["long negative prompt"] = ("negative_prompt", r => r.NegativePrompt = new string('a', 10_001)),
        ["request id with a space"] = ("request_id", r => r.RequestId = "a b"),
        ["long request id"] = ("request_id", r => r.RequestId = new string('a', 129)),
        ["request id not ASCII"] = ("request_id", r => r.RequestId = "ä"),
        ["eta NaN"] = ("sampler.eta", r => r.Sampler = new Sampler { Eta = double.NaN }),
        ["eta over 1"] = ("sampler.eta", r => r.Sampler = new Sampler { Eta = 1.5 }),
        ["eta for a sampler without"] = ("sampler.eta", r => r.Sampler = new Sampler { Name = "euler", Eta = 0.5 }),
        ["sigmas for a sampler without"] = ("schedule.sigmas", r => r.Schedule.Sigmas = SigmaSchedule.Karras),
        ["steps offset negative"] = ("schedule.steps_offset", r => r.Schedule.StepsOffset = -1),
        ["spacing no value"] = ("schedule.spacing", r => r.Schedule.Spacing = (TimestepSpacing)99),
        ["sigmas no value"] = ("schedule.sigmas", r => r.Schedule.Sigmas = (SigmaSchedule)99),
        ["final sigma no value"] = ("schedule.final_sigma", r => r.Schedule.FinalSigma = (FinalSigma)(-1)),
        ["on_disconnect no value"] = ("on_disconnect", r => r.OnDisconnect = (OnDisconnect)99),
        ["format no value"] = ("image_options.format", r => r.ImageOptions = new ImageOptions { Format = (ImageFormat)99 }),
        ["quality 101"] = ("image_options.quality", r => r.ImageOptions = new ImageOptions { Quality = 101 }),
        ["empty text key"] = ("image_options.text", r => r.ImageOptions = new ImageOptions { Text = { [""] = "x" } }),
        ["priority 101"] = ("priority", r => r.Priority = 101),
    };

    public static TheoryData<string> Names => [.. Wrong.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Generate_OneWrongField_IsNamedAlone(string name)
    {
        var request = Wishes.Quick();
        Wrong[name].Spoil(request);

        var error = await Client.FailAsync(request);

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        var problem = Assert.Single(RichErrors.Problems(error));
        Assert.Equal(Wrong[name].Field, problem.Field);
        Assert.NotEmpty(problem.Description);
    }

    [Fact]
    public async Task Generate_EveryFieldWrong_NamesAllAtOnce()
    {
        var request = Wishes.Quick(new string('a', 10_001), steps: 1001);
        request.RequestId = "not valid";
        request.Model = "no-such-model";
        request.NegativePrompt = new string('b', 10_001);
        request.Count = 17;
        request.GuidanceScale = double.NaN;
        request.Schedule.Spacing = (TimestepSpacing)99;
        request.Sampler = new Sampler { Name = "no-such-sampler", Eta = double.NegativeInfinity };
        request.ImageOptions = new ImageOptions { Format = (ImageFormat)99, Quality = 1000, Text = { [" "] = "" } };
        request.OnDisconnect = (OnDisconnect)99;
        request.Priority = -101;

        var error = await Client.FailAsync(request);

        string[] expected =
        [
            "count", "guidance_scale", "image_options.format", "image_options.quality", "image_options.text", "model", "negative_prompt",
            "on_disconnect", "priority", "prompt", "request_id", "sampler.eta", "sampler.name", "schedule.spacing", "schedule.steps",
        ];
        Assert.Equal(expected, RichErrors.Problems(error).Select(p => p.Field).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Generate_BothSidesWrong_NamesBoth()
    {
        var request = Wishes.Quick();
        (request.Width, request.Height) = (32, 1000);

        var error = await Client.FailAsync(request);

        Assert.Equal(["width", "height"], RichErrors.Problems(error).Select(p => p.Field));
        Assert.All(RichErrors.Problems(error), p => Assert.Contains("multiple of 64", p.Description, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Generate_PromptOfTheLimit_IsTaken()
    {
        var events = await Client.FulfilAsync(Wishes.Quick(new string('a', 10_000), steps: 1));

        Assert.NotNull(events[^1].Done);
    }

    [Fact]
    public async Task Cancel_UnknownJob_IsNotFound()
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await Client.CancelAsync(new CancelRequest { JobId = "no-such-job" }));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task Generate_MessageOverTheMethodsLimit_IsResourceExhausted()
    {
        var error = await Client.FailAsync(Wishes.Quick(new string('a', MessageLimits.PicturesRequest + 1)));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
        Assert.Contains("Generate", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_MessageOverTheMethodsLimit_IsResourceExhausted()
    {
        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await Client.CancelAsync(new CancelRequest { JobId = new string('a', 65 << 10) }));

        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }
}
