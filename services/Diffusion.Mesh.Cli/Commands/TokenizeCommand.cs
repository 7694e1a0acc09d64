using System.CommandLine;
using System.Text.Json;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Tokenization;

namespace Diffusion.Mesh.Cli;

/// <summary><c>mesh tokenize</c>: the ids that a text encoder gets, as a JSON array.</summary>
internal static class TokenizeCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "A model's folder, or a tokenizer's.", Required = true };
        var text = new Argument<string>("TEXT") { Description = "The text." };
        var command = new Command("tokenize", "Prints a text's token ids, start, end and padding included.") { model, text };
        command.SetAction((result, _) => PrintAsync(result.GetValue(model)!, result.GetValue(text)!, result.InvocationConfiguration));
        return command;
    }

    private static async Task<int> PrintAsync(string folder, string text, InvocationConfiguration terminal)
    {
        try
        {
            var tokenizer = File.Exists(Path.Combine(folder, "vocab.json"))
                ? ClipTokenizer.Load(folder)
                : ClipTokenizer.Load(Path.Combine(folder, "tokenizer"), ModelFolder.Read(folder).TextWindow);
            await terminal.Output.WriteLineAsync(JsonSerializer.Serialize(tokenizer.Encode(text).Ids));
            return 0;
        }
        catch (Exception e) when (e is TokenizerFormatException or ModelFormatException)
        {
            await terminal.Error.WriteLineAsync(e.Message);
            return ServiceProgram.WrongOptions;
        }
    }
}
