using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Whatever a client sends, the answer is a picture or the client's own mistake.</summary>
public sealed class RandomRequestTests(ClusterFixture cluster) : ClusterTest(cluster)
{
    private static readonly double[] s_numbers = [0, 1, 0.5, -1, 4, 50, 51, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, 1e308];
    private static readonly int[] s_whole = [0, 1, 2, -1, 64, 128, 192, 1000, 1001, int.MaxValue, int.MinValue];
    private static readonly string[] s_texts =
        ["", "a red circle", "\0", "\ud83d\ude00 \u0130 \u00e9", "\r\n\t\u001b[31m", "<|endoftext|>", new('x', 10_001), "..", "shapes", "Shapes"];
    private static readonly string[] s_samplers = ["", "ddim", "euler", "euler_a", "dpmpp_2m", "DDIMScheduler", "heun", "lcm", "EULER", "\0", "unknown"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Generate_RandomRequests_NeverFailInside(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 50; i++)
        {
            var request = Draw(random);
            try
            {
                Assert.NotNull((await Client.FulfilAsync(request))[^1].Done);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.AlreadyExists)
            {
                // The same id was drawn for two requests.
                Assert.Contains(request.RequestId, e.Status.Detail, StringComparison.Ordinal);
                Assert.NotEmpty(request.RequestId);
            }
            catch (RpcException e)
            {
                Assert.True(e.StatusCode == StatusCode.InvalidArgument, $"{e.Status} for {request}");
                Assert.NotEmpty(RichErrors.Problems(e));
            }
        }
    }

    // Most fields are mostly left out: a request with everything random would always be wrong.
    private static GenerateRequest Draw(Random random)
    {
        var request = new GenerateRequest
        {
            Seed = (ulong)random.NextInt64(),
            Schedule = new Schedule { Steps = 1 + random.Next(3) },
            OmitMetadata = random.Next(2) == 0,
        };
        Rarely(() => request.RequestId = Pick(s_texts));
        Rarely(() => request.Model = Pick(s_texts));
        Often(() => request.Prompt = Pick(s_texts));
        Often(() => request.NegativePrompt = Pick(s_texts));
        Rarely(() => request.Width = Pick(s_whole));
        Rarely(() => request.Height = Pick(s_whole));
        Rarely(() => request.Count = Pick(s_whole));
        Often(() => request.GuidanceScale = Pick(s_numbers));
        Rarely(() => request.Schedule.Steps = Pick([.. s_whole.Where(n => n < 64 || n > 1000)]));
        Rarely(() => request.Schedule.Spacing = (TimestepSpacing)random.Next(-1, 5));
        Rarely(() => request.Schedule.Sigmas = (SigmaSchedule)random.Next(-1, 6));
        Rarely(() => request.Schedule.FinalSigma = (FinalSigma)random.Next(-1, 4));
        Rarely(() => request.Schedule.StepsOffset = Pick(s_whole));
        Rarely(() => request.Schedule.RescaleBetasZeroSnr = random.Next(2) == 0);
        Often(() => request.Sampler = new Sampler { Name = Pick(s_samplers) });
        Rarely(() => (request.Sampler ??= new Sampler()).Eta = Pick(s_numbers));
        Rarely(() => request.ImageOptions = new ImageOptions { Quality = (uint)Pick(s_whole), Text = { [Pick(s_texts)] = Pick(s_texts) } });
        Rarely(() => request.OnDisconnect = (OnDisconnect)random.Next(-1, 4));
        Rarely(() => request.Priority = Pick(s_whole));
        return request;

        T Pick<T>(IReadOnlyList<T> values) => values[random.Next(values.Count)];
        void Often(Action set) => Maybe(2, set);
        void Rarely(Action set) => Maybe(8, set);
        void Maybe(int oneIn, Action set)
        {
            if (random.Next(oneIn) == 0)
                set();
        }
    }
}
