using System.CommandLine;
using Diffusion.Mesh.Cli;
using Diffusion.Mesh.Hosting;

var command = new RootCommand("Diffusion Mesh: prompts to pictures.")
{
    GenerateCommand.Create(),
    ServeCommand.Create(args),
    ModelsCommand.Create(),
    KeysCommand.Create(),
    ImportCommand.Create(),
    TokenizeCommand.Create(),
};
// Somebody who types nothing but the name wants to know what there is.
return await ServiceProgram.InvokeAsync(command, args is [] ? ["--help"] : args);
