using System.CommandLine;
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
        var server = Parsed.Value<Uri[]>(
            "--server",
            "An orchestrator's address, http://HOST:PORT, or several with commas between; without it everything runs in this process.",
            text => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(ServiceAddress.Parse)]);
        // Not the key itself: every user of a machine sees the command lines of all.
        var key = Parsed.Value<string?>("--key-file", "With --server: a file that holds the API key [or the key itself in MESH_KEY].", ReadKey);
        var models = new Option<string>("--models") { Description = "Without --server: the folder of model folders.", DefaultValueFactory = _ => ModelsFolder.Default() };
        var command = new Command("generate", "Makes pictures; prints their paths.") { prompt, output, model, server, key, models };
        RequestOption[] options = [.. BasicOptions.All(), .. GuidanceOptions.All(), .. PictureOptions.All()];
        foreach (var option in options)
            command.Options.Add(option.Option);
        command.SetAction((result, cancellation) =>
        {
            var request = new GenerateRequest { Prompt = result.GetValue(prompt)! };
            foreach (var option in options)
                option.Apply(result, request);
            var wish = new Wish(request, result.GetValue(output)!, result.GetValue(model), result.GetValue(server) ?? [], result.GetValue(key) ?? KeyOfEnvironment(), result.GetValue(models)!);
            return new Generator(result.InvocationConfiguration).RunAsync(wish, cancellation);
        });
        return command;
    }

    private static string? KeyOfEnvironment() => Environment.GetEnvironmentVariable("MESH_KEY") is { Length: > 0 } key ? key.Trim() : null;

    private static string ReadKey(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException(e.Message.TrimEnd('.'), e);
        }
    }
}
