using System.CommandLine;
using Diffusion.Mesh.Client;
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
        try
        {
            wish.Request.ImageOptions = new ImageOptions { Format = OutputFiles.Format(wish.Output) };
            using var files = new OutputFiles(wish.Output, wish.Request.HasCount ? wish.Request.Count : 1);
            if (wish.Servers.Count > 0)
            {
                wish.Request.Model = wish.Model ?? "";
                using var client = new MeshClient(new MeshClientOptions { Servers = wish.Servers, ApiKey = wish.Key });
                return await FollowAsync(client, wish.Request, files, cancellation);
            }

            var options = EmbeddedOptions(wish);
            wish.Request.Model = options.Model.FirstOrDefault() ?? "";
            await using var cluster = await EmbeddedCluster.StartAsync(options, Quiet, cancellation);
            using var embedded = new MeshClient(cluster.Address);
            return await FollowAsync(embedded, wish.Request, files, cancellation);
        }
        catch (MeshException e)
        {
            return await FailAsync(e);
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

    private async Task<int> FollowAsync(MeshClient client, GenerateRequest request, OutputFiles files, CancellationToken cancellation)
    {
        var progress = new ProgressBar(terminal.Error);
        try
        {
            await foreach (var next in client.GenerateAsync(request, cancellationToken: cancellation))
            {
                progress.Show(next);
                if (next.Image is { } image)
                    files.Add(image);
            }
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

    private async Task<int> FailAsync(MeshException error)
    {
        foreach (var problem in error.Problems)
            await terminal.Error.WriteLineAsync(RequestProblems.Line(problem));
        if (error.Problems.Count == 0)
            await terminal.Error.WriteLineAsync(error.Message);
        return error.Status == StatusCode.InvalidArgument ? ServiceProgram.WrongOptions : ServiceProgram.Failed;
    }

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
