using System.CommandLine;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Models;

namespace Diffusion.Mesh.Cli;

/// <summary><c>mesh models</c>: what the models of a folder are.</summary>
internal static class ModelsCommand
{
    public static Command Create()
    {
        var folder = new Option<string>("--models") { Description = "The folder of model folders.", DefaultValueFactory = _ => ModelsFolder.Default() };
        var command = new Command("models", "Lists the models.") { folder };
        command.SetAction((result, _) => ListAsync(result.GetValue(folder)!, result.InvocationConfiguration));
        return command;
    }

    private static async Task<int> ListAsync(string folder, InvocationConfiguration terminal)
    {
        try
        {
            await terminal.Output.WriteLineAsync($"{"NAME",-24}{"REVISION",-18}{"SIZE",-12}{"MULTIPLE",-10}{"LATENTS",-10}{"TOKENS",-8}SAMPLER");
            foreach (var model in ModelRepository.Open(folder, []).Models)
            {
                var size = $"{model.DefaultSize}x{model.DefaultSize}";
                var latents = $"{model.LatentChannels} / {model.Scale}";
                await terminal.Output.WriteLineAsync(
                    $"{model.Name,-24}{model.Revision,-18}{size,-12}{model.SizeMultiple,-10}{latents,-10}{model.TextWindow,-8}{model.Scheduler.ClassName}");
            }

            return 0;
        }
        catch (Exception e) when (e is ModelRootException or ModelFormatException)
        {
            await terminal.Error.WriteLineAsync(e.Message);
            return ServiceProgram.WrongOptions;
        }
    }
}
