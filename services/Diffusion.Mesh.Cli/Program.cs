using System.CommandLine;
using Diffusion.Mesh.Cli;
using Diffusion.Mesh.Hosting;

var command = new RootCommand("Diffusion Mesh: prompts to pictures.")
{
    GenerateCommand.Create(),
    ServeCommand.Create(args),
    ModelsCommand.Create(),
    TokenizeCommand.Create(),
};
return await ServiceProgram.InvokeAsync(command, args);
