using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.ServiceTests;

public sealed class GenerateEventsTests(ClusterFixture cluster) : ClusterTest(cluster)
{
    [Fact]
    public async Task Generate_Events_HaveOneJobAndGrowingNumbersFromQueuedToDone()
    {
        var events = await Client.FulfilAsync(Wishes.Quick(steps: 5));

        Assert.Equal(1ul, events[0].Sequence);
        Assert.NotNull(events[0].Queued);
        Assert.NotNull(events[^1].Done);
        Assert.Single(events, e => e.Queued is not null);
        Assert.Single(events, e => e.Done is not null);
        Assert.Single(events.Select(e => e.JobId).Distinct());
        Assert.All(events.Zip(events.Skip(1)), pair => Assert.True(pair.First.Sequence < pair.Second.Sequence));
    }

    [Fact]
    public async Task Generate_Steps_CountUpToTheNumberOfEvaluations()
    {
        var events = await Client.FulfilAsync(Wishes.Heun(steps: 4));

        Assert.Equal(7u, events[0].Queued.Evaluations);
        var steps = events.Where(e => e.Step is not null).Select(e => e.Step).ToArray();
        Assert.Equal(steps.Select(s => s.Completed).Distinct().Order(), steps.Select(s => s.Completed));
        Assert.Equal(7u, steps[^1].Completed);
        Assert.All(steps, s => Assert.Equal(7u, s.Evaluations));
    }

    [Fact]
    public async Task Generate_SeveralPictures_EachComesWholeAndInOrder()
    {
        var request = Wishes.Quick();
        request.Count = 3;

        var events = await Client.FulfilAsync(request);

        foreach (var pieces in events.Where(e => e.Image is not null).GroupBy(e => e.Image.Index, e => e.Image.Chunk))
        {
            ulong offset = 0;
            foreach (var piece in pieces)
            {
                Assert.Equal(offset, piece.Offset);
                offset += (ulong)piece.Data.Length;
            }

            Assert.Equal(pieces.First().TotalBytes, offset);
        }

        var files = Enumerable.Range(0, 3).Select(i => Wishes.File(events, (uint)i)).ToArray();
        Assert.All(files, f => Assert.NotEmpty(Pictures.Text(f)));
        Assert.Equal(3, files.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public async Task Generate_SameSeedTwice_GivesTheSameBytes()
    {
        var first = Wishes.File(await Client.FulfilAsync(Wishes.Quick(seed: 42)));
        var second = Wishes.File(await Client.FulfilAsync(Wishes.Quick(seed: 42)));
        var other = Wishes.File(await Client.FulfilAsync(Wishes.Quick(seed: 43)));

        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public async Task Generate_SeedsOfTheSameLow32Bits_GiveTheSamePicture()
    {
        var low = Wishes.Quick(seed: 42);
        var high = Wishes.Quick(seed: 42 + (3ul << 32));
        low.OmitMetadata = high.OmitMetadata = true;

        Assert.Equal(Wishes.File(await Client.FulfilAsync(low)), Wishes.File(await Client.FulfilAsync(high)));
    }

    [Fact]
    public async Task Generate_NoSeed_DrawsOneBelow32BitsAndTellsIt()
    {
        var request = Wishes.Quick();
        request.ClearSeed();

        var drawn = await Client.FulfilAsync(request);
        request.Seed = drawn[0].Queued.Seed;
        var again = await Client.FulfilAsync(request);

        Assert.InRange(request.Seed, 0ul, uint.MaxValue);
        Assert.Equal(Wishes.File(drawn), Wishes.File(again));
    }

    [Fact]
    public async Task Generate_LeftOutSettings_AreToldAsUsed()
    {
        var queued = (await Client.FulfilAsync(new GenerateRequest { Prompt = "a red circle" }))[0].Queued;

        Assert.Equal(("shapes", "ddim", 20u, 20u), (queued.Model, queued.Sampler, queued.Steps, queued.Evaluations));
        Assert.Equal((128u, 128u, 4.0), (queued.Width, queued.Height, queued.GuidanceScale));
        Assert.Equal(Shapes.Facts.Revision, queued.ModelRevision);
    }

    [Fact]
    public async Task Generate_PromptBeyondTheWindow_WarnsOfWhatWasLeftOut()
    {
        var request = Wishes.Quick(string.Join(' ', Enumerable.Repeat("red", 40)));
        request.NegativePrompt = string.Join(' ', Enumerable.Repeat("blue", 50));

        var done = (await Client.FulfilAsync(request))[^1].Done;

        Assert.Equal(40u, done.PromptTokens);
        Assert.Collection(
            done.Warnings,
            w => Assert.StartsWith("The prompt has 40 tokens; those after the first 30", w, StringComparison.Ordinal),
            w => Assert.StartsWith("The negative prompt has 50 tokens; those after the first 30", w, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Generate_PromptThatFillsTheWindow_WarnsOfNothing()
    {
        var done = (await Client.FulfilAsync(Wishes.Quick(string.Join(' ', Enumerable.Repeat("red", 30)))))[^1].Done;

        Assert.Equal(30u, done.PromptTokens);
        Assert.Empty(done.Warnings);
    }

    [Fact]
    public async Task ListModels_DefaultModel_HasTheFactsOfItsFiles()
    {
        var model = Assert.Single((await Client.ListModelsAsync(new ListModelsRequest())).Models);

        Assert.Equal(("shapes", 8u, 16u, 64u, 32u), (model.Name, model.LatentChannels, model.Scale, model.SizeMultiple, model.TextWindow));
        Assert.Equal((128u, 128u, "ddim", 1000u, true), (model.Width, model.Height, model.Sampler, model.TrainTimesteps, model.ImageEncoder));
    }
}
