using System.CommandLine;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Inference;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.TextEncoder;
using Diffusion.Mesh.Unet;
using Diffusion.Mesh.Vae;

namespace Diffusion.Mesh.Cli;

/// <summary><c>mesh serve</c>: one service, or all of them in one process.</summary>
internal static class ServeCommand
{
    private const string All = "all";

    private static readonly ServiceRole[] Roles = [new TextEncoderRole(), new UnetRole(), new VaeRole(), new OrchestratorRole()];

    /// <param name="args">The whole command line: the role decides which options and defaults there are.</param>
    public static Command Create(string[] args)
    {
        var role = new Option<string>("--role") { Description = "Which service; all: the four of them.", DefaultValueFactory = _ => All };
        role.AcceptOnlyFromAmong([All, .. Roles.Select(r => r.Name)]);
        var name = NameIn(args);
        var chosen = Array.Find(Roles, r => r.Name == name) ?? Roles[^1];
        var command = new Command("serve", "Serves until a stop signal.") { role };
        var options = new ServiceCommandLine(chosen);
        options.AddTo(command);
        command.SetAction((result, cancellation) => result.GetValue(role) == All
            ? ServeAllAsync(options.Read(result), result.InvocationConfiguration.Error, cancellation)
            : ServiceProgram.ServeAsync(chosen, options.Read(result), result.InvocationConfiguration.Error, cancellation));
        return command;
    }

    private static async Task<int> ServeAllAsync(ServiceOptions options, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            await using var cluster = await EmbeddedCluster.StartAsync(options, _ => { }, cancellation);
            await error.WriteLineAsync($"Serving at {cluster.Address}");
            if (cluster.Console is { } console)
                await error.WriteLineAsync($"Console at {console}");
            await cluster.WaitForShutdownAsync(cancellation);
            return 0;
        }
        catch (Exception e) when (e is OptionsException or ModelRootException or ModelFormatException)
        {
            await error.WriteLineAsync(e.Message);
            return ServiceProgram.WrongOptions;
        }
        catch (OperationCanceledException)
        {
            // Stopped before it had begun.
            return 0;
        }
        catch (Exception e) when (e is IOException or ExecutionProviderException)
        {
            await error.WriteLineAsync(e.Message);
            return ServiceProgram.Failed;
        }
    }

    private static string NameIn(string[] args)
    {
        var index = Array.FindIndex(args, a => a == "--role" || a.StartsWith("--role=", StringComparison.Ordinal));
        if (index < 0)
            return All;
        return args[index].Contains('=') ? args[index]["--role=".Length..] : args.ElementAtOrDefault(index + 1) ?? All;
    }
}
