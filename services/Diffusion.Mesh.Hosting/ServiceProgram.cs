using System.CommandLine;
using System.CommandLine.Invocation;
using Diffusion.Mesh.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Diffusion.Mesh.Hosting;

/// <summary>The main program of a service's executable.</summary>
public static class ServiceProgram
{
    /// <summary>Exit code for options that the service cannot start with.</summary>
    public const int WrongOptions = 2;

    /// <summary>Exit code for a service that cannot do its work.</summary>
    public const int Failed = 3;

    /// <summary>Parses the command line and serves until a stop signal.</summary>
    /// <returns>The exit code: 0, 2 for wrong options, 3 for a failure.</returns>
    public static Task<int> RunAsync(ServiceRole role, string[] args)
    {
        var options = new ServiceCommandLine(role);
        var command = new RootCommand(role.Description);
        options.AddTo(command);
        command.SetAction((result, cancellation) => ServeAsync(role, options.Read(result), result.InvocationConfiguration.Error, cancellation));
        return InvokeAsync(command, args);
    }

    /// <summary>Invokes a command; what cannot be parsed is a wrong option.</summary>
    public static async Task<int> InvokeAsync(RootCommand command, string[] args)
    {
        var result = command.Parse(args);
        // Standard output is for results; a page of help there would end up in somebody's pipe.
        if (result.Action is ParseErrorAction wrong)
            wrong.ShowHelp = false;
        // A stop signal cancels. How long the work may go on after it is the command's own affair.
        var invocation = new InvocationConfiguration { ProcessTerminationTimeout = Timeout.InfiniteTimeSpan };
        var code = await result.InvokeAsync(invocation);
        if (result.Errors.Count == 0)
            return code;
        await invocation.Error.WriteLineAsync("--help shows the options.");
        return WrongOptions;
    }

    /// <summary>Serves one role until a stop signal.</summary>
    public static async Task<int> ServeAsync(ServiceRole role, ServiceOptions options, TextWriter error, CancellationToken cancellation)
    {
        WebApplication app;
        try
        {
            app = MeshHost.Build(role, options);
        }
        catch (Exception e) when (e is OptionsException or ModelRootException or ModelFormatException)
        {
            await error.WriteLineAsync(e.Message);
            return WrongOptions;
        }

        await using (app)
        {
            try
            {
                await app.RunAsync(cancellation);
                return Environment.ExitCode;
            }
            catch (OperationCanceledException)
            {
                // Stopped before it had begun.
                return 0;
            }
            catch (IOException e)
            {
                // A port that is taken.
                await error.WriteLineAsync(e.Message);
                return Failed;
            }
        }
    }
}
