using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
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
        using var stop = new CancellationTokenSource();
        // Our own, because the library listens only once the command has run up to its first wait.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));
        var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null };
        if (result.Errors.Count == 0)
            return await result.InvokeAsync(invocation, stop.Token);

        // Standard output is for results, and a page of help would hide what is wrong.
        invocation.Output = invocation.Error;
        if (result.Action is ParseErrorAction wrong)
            wrong.ShowHelp = false;
        await result.InvokeAsync(invocation, stop.Token);
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
                await app.StartAsync(cancellation);
                if (role.ServesHttp && Listeners.HttpAddress(app, options) is { } console)
                    await error.WriteLineAsync($"Console at {console}");
                await app.WaitForShutdownAsync(cancellation);
                return Environment.ExitCode;
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // Waits for models that are being loaded: a process that ends meanwhile is aborted by their native library.
                await app.StopAsync(CancellationToken.None);
                if (e is OperationCanceledException)
                    return 0;
                // A port that is taken.
                await error.WriteLineAsync(e.Message);
                return Failed;
            }
        }
    }

    // How long the work may go on is the command's own affair; a second signal ends the process at once.
    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = !stop.IsCancellationRequested;
        stop.Cancel();
    }
}
