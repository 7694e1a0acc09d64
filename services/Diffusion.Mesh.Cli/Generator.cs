using System.CommandLine;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Models;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Diffusion.Mesh.Cli;

/// <summary>Fulfils a wish: finds or starts a server, follows the job, writes the files.</summary>
internal sealed class Generator(InvocationConfiguration terminal)
{
    private const int Interrupted = 130;

    /// <returns>The exit code: 0, 2 for a wrong request, 3 for a failing server, 130 when interrupted.</returns>
    public async Task<int> RunAsync(Wish wish, CancellationToken cancellation)
    {
        Follower? follower = null;
        try
        {
            wish.Request.ImageOptions = new ImageOptions { Format = OutputFiles.Format(wish.Output) };
            using var files = new OutputFiles(wish.Output, wish.Request.HasCount ? wish.Request.Count : 1);
            if (wish.Servers.Count > 0)
            {
                wish.Request.Model = wish.Model ?? "";
                follower = new Follower(wish.Servers, wish.Key, TimeProvider.System);
                return await FollowAsync(follower, wish.Request, files, cancellation);
            }

            var options = EmbeddedOptions(wish);
            wish.Request.Model = options.Model.FirstOrDefault() ?? "";
            await using var cluster = await EmbeddedCluster.StartAsync(options, Quiet, cancellation);
            return await FollowAsync(new Follower([cluster.Address], null, TimeProvider.System), wish.Request, files, cancellation);
        }
        catch (RpcException e)
        {
            return await FailAsync(e, follower?.Server);
        }
        catch (Exception e) when (e is OptionsException or ModelRootException or ModelFormatException or OutputException)
        {
            await terminal.Error.WriteLineAsync(e.Message);
            return ServiceProgram.WrongOptions;
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
    }

    private async Task<int> FollowAsync(Follower follower, GenerateRequest request, OutputFiles files, CancellationToken cancellation)
    {
        var progress = new ProgressBar(terminal.Error);
        try
        {
            await follower.FollowAsync(
                request,
                next =>
                {
                    progress.Show(next);
                    if (next.Image is { } image)
                        files.Add(image);
                },
                cancellation);
        }
        catch (Exception e) when (cancellation.IsCancellationRequested && e is RpcException or OperationCanceledException)
        {
            await follower.CancelAsync();
            throw new OperationCanceledException(cancellation);
        }
        finally
        {
            progress.Clear();
        }

        foreach (var path in files.Commit())
            await terminal.Output.WriteLineAsync(path);
        await terminal.Error.WriteLineAsync(progress.Summary);
        return 0;
    }

    private async Task<int> FailAsync(RpcException error, Uri? server)
    {
        var problems = RichErrors.Problems(error);
        foreach (var problem in problems)
            await terminal.Error.WriteLineAsync(RequestProblems.Line(problem));
        if (problems.Count == 0)
            await terminal.Error.WriteLineAsync(Reason(error, server));
        return error.StatusCode == StatusCode.InvalidArgument ? ServiceProgram.WrongOptions : ServiceProgram.Failed;
    }

    // An error with an exception inside was made on this side: no answer came.
    private static string Reason(RpcException error, Uri? server) => error.Status.DebugException is { } broken && server is not null
        ? $"The server at {server.Authority} cannot be reached: {broken.GetBaseException().Message}"
        : $"The server answered {error.StatusCode}: {error.Status.Detail}";

    // A model given as a folder is served alone, from the folder above it.
    private static ServiceOptions EmbeddedOptions(Wish wish)
    {
        var isFolder = wish.Model is { } model && File.Exists(Path.Combine(model, "model_index.json"));
        var folder = isFolder ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(wish.Model!)) : null;
        return new ServiceOptions
        {
            Grpc = ListenAddress.AnyLoopback,
            Models = folder is null ? wish.Models : Path.GetDirectoryName(folder)!,
            Model = folder is not null ? [Path.GetFileName(folder)] : wish.Model is { } name ? [name] : [],
            // A wish of one's own may be as large and as slow as the machine can bear.
            MaxSide = 1 << 16,
            MaxPixels = int.MaxValue,
            Timeout = TimeSpan.FromDays(1),
        };
    }

    // Failures come back as answers; the log would only repeat them.
    private static void Quiet(WebApplicationBuilder builder) => builder.Logging.SetMinimumLevel(LogLevel.Critical);
}
