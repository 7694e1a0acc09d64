using System.CommandLine;
using System.Globalization;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Cli;

/// <summary><c>mesh generate</c>: a prompt to picture files.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        var prompt = new Argument<string>("PROMPT") { Description = "What to paint." };
        var output = new Option<FileInfo>("--output", "-o") { Description = "The file to write: .png, .jpg or .webp. Several pictures are numbered.", Required = true };
        var model = new Option<string?>("--model") { Description = "A model's name, or its folder." };
        var steps = Parsed.Number<int>("--steps", "Sampler steps, 1 to 1000.");
        var guidance = Parsed.Number<double>("--guidance", "Classifier-free guidance scale, 0 to 50.");
        var negative = new Option<string>("--negative") { Description = "What to steer away from.", DefaultValueFactory = _ => "" };
        var seed = Parsed.Number<ulong>("--seed", "The same seed gives the same picture; drawn when none is given.");
        var sampler = new Option<string?>("--sampler") { Description = "For example ddim, euler, euler_a, dpmpp_2m." };
        var size = Parsed.Value<(int Width, int Height)?>("--size", "WIDTHxHEIGHT in pixels, for example 128x128.", ParseSize);
        var count = Parsed.Number<int>("--count", "How many pictures, 1 to 16.");
        var noMetadata = new Option<bool>("--no-metadata") { Description = "Leave prompt and settings out of the file." };
        var server = Parsed.Value<Uri?>("--server", "An orchestrator's address, http://HOST:PORT; without it everything runs in this process.", ServiceAddress.Parse);
        var models = new Option<string>("--models") { Description = "Without --server: the folder of model folders.", DefaultValueFactory = _ => ModelsFolder.Default() };
        var command = new Command("generate", "Makes pictures; prints their paths.")
        {
            prompt, output, model, steps, guidance, negative, seed, sampler, size, count, noMetadata, server, models,
        };
        command.SetAction((result, cancellation) =>
        {
            var request = new GenerateRequest
            {
                Prompt = result.GetValue(prompt)!,
                NegativePrompt = result.GetValue(negative)!,
                Schedule = new Schedule(),
                Sampler = new Sampler { Name = result.GetValue(sampler) ?? "" },
                OmitMetadata = result.GetValue(noMetadata),
            };
            if (result.GetValue(steps) is { } s)
                request.Schedule.Steps = s;
            if (result.GetValue(guidance) is { } g)
                request.GuidanceScale = g;
            if (result.GetValue(seed) is { } n)
                request.Seed = n;
            if (result.GetValue(count) is { } c)
                request.Count = c;
            if (result.GetValue(size) is { } wh)
                (request.Width, request.Height) = wh;
            var wish = new Wish(request, result.GetValue(output)!, result.GetValue(model), result.GetValue(server), result.GetValue(models)!);
            return new Generator(result.InvocationConfiguration).RunAsync(wish, cancellation);
        });
        return command;
    }

    private static (int Width, int Height)? ParseSize(string text)
    {
        var parts = text.Split('x', 'X');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var width)
            && int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var height)
            ? (width, height)
            : throw new FormatException($"'{text}' is no size; WIDTHxHEIGHT is expected, for example 512x512");
    }
}
