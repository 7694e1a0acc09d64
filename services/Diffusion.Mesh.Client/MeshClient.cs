using System.Runtime.CompilerServices;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.Client;

/// <summary>
/// A cluster, as applications use it. A generation outlives the server that began it: its events go on from another one. What is safe to repeat is repeated, on the next server;
/// a request has an id, so that it is one job however often it was sent. Safe for use by any number of threads.
/// </summary>
public sealed class MeshClient : IDisposable
{
    private readonly MeshClientOptions _options;
    private readonly ServerChannels _channels;

    /// <exception cref="ArgumentException">No server is named.</exception>
    public MeshClient(MeshClientOptions options)
    {
        if (options.Servers.Count == 0)
            throw new ArgumentException("At least one server must be named.", nameof(options));
        (_options, _channels) = (options, new ServerChannels(options));
    }

    /// <param name="server">An orchestrator's address, for example http://127.0.0.1:7400.</param>
    /// <param name="apiKey">The API key; null: none.</param>
    public MeshClient(Uri server, string? apiKey = null)
        : this(new MeshClientOptions { Servers = [server], ApiKey = apiKey })
    {
    }

    /// <summary>The first of the servers.</summary>
    public Uri Server => _options.Servers[0];

    /// <summary>Makes pictures, and tells each event as it happens. Who leaves the loop, or cancels, cancels the job, unless it is to be detached.</summary>
    /// <param name="request">What to make. It is not changed.</param>
    /// <param name="timeout">How long the job may take; null: as long as the server lets it.</param>
    /// <exception cref="MeshException">The job failed, or no server answers.</exception>
    public async IAsyncEnumerable<GenerateEvent> GenerateAsync(
        GenerateRequest request, TimeSpan? timeout = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        request = Named(request);
        using var stream = new JobStream(_channels, _options, request, "", 0, Deadline(timeout));
        var isOver = false;
        try
        {
            while (await MoveNextAsync(stream))
                yield return stream.Current;
            isOver = true;
        }
        finally
        {
            if (!isOver && stream.JobId.Length > 0 && request.OnDisconnect != OnDisconnect.Detach)
                await TryCancelAsync(stream.JobId);
        }

        async Task<bool> MoveNextAsync(JobStream stream)
        {
            try
            {
                return await stream.MoveNextAsync(cancellationToken);
            }
            catch (MeshException)
            {
                isOver = true;
                throw;
            }
        }
    }

    /// <summary>Makes pictures and waits for them.</summary>
    /// <inheritdoc cref="GenerateAsync"/>
    public async Task<GeneratedPictures> GeneratePicturesAsync(GenerateRequest request, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var pictures = new PictureFiles();
        await foreach (var next in GenerateAsync(request, timeout, cancellationToken))
            pictures.Add(next);
        return pictures.Whole();
    }

    /// <summary>Puts a job into the queue and does not wait for it.</summary>
    /// <inheritdoc cref="GenerateAsync"/>
    public Task<Job> SubmitAsync(GenerateRequest request, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        request = Named(request);
        var deadline = Deadline(timeout);
        return AskAsync((client, token) => client.SubmitAsync(request, deadline: deadline, cancellationToken: token), cancellationToken);
    }

    /// <summary>The events of a job, whoever began it and wherever it runs, and its pictures. Leaving the loop does nothing to the job.</summary>
    /// <param name="after">Number of the last event that is known; 0: from the first.</param>
    /// <exception cref="MeshException">The job failed or is unknown, or no server answers.</exception>
    public async IAsyncEnumerable<GenerateEvent> WatchAsync(
        string jobId, ulong after = 0, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var stream = new JobStream(_channels, _options, null, jobId, after, null);
        while (await stream.MoveNextAsync(cancellationToken))
            yield return stream.Current;
    }

    /// <summary>A job as it is now.</summary>
    /// <exception cref="MeshException">It is unknown, or no server answers.</exception>
    public Task<Job> GetJobAsync(string jobId, CancellationToken cancellationToken = default) =>
        AskAsync((client, token) => client.GetJobAsync(new GetJobRequest { JobId = jobId }, deadline: Soon(), cancellationToken: token), cancellationToken);

    /// <summary>The jobs of the key's tenant, the latest first.</summary>
    /// <param name="state">Only these; unspecified: all.</param>
    /// <exception cref="MeshException">No server answers.</exception>
    public async IAsyncEnumerable<Job> ListJobsAsync(JobState state = JobState.Unspecified, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new ListJobsRequest { State = state };
        do
        {
            var page = await AskAsync((client, token) => client.ListJobsAsync(request, deadline: Soon(), cancellationToken: token), cancellationToken);
            foreach (var job in page.Jobs)
                yield return job;
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
    }

    /// <summary>Ends a job. One that has ended is left as it is.</summary>
    /// <returns>False: it had ended, or is unknown.</returns>
    /// <exception cref="MeshException">No server answers.</exception>
    public async Task<bool> CancelAsync(string jobId, CancellationToken cancellationToken = default)
    {
        try
        {
            await AskAsync((client, token) => client.CancelAsync(new CancelRequest { JobId = jobId }, deadline: Soon(), cancellationToken: token), cancellationToken);
            return true;
        }
        catch (MeshException e) when (e.Status == StatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>The models that can be asked for.</summary>
    /// <exception cref="MeshException">No server answers.</exception>
    public async Task<IReadOnlyList<ModelInfo>> ListModelsAsync(CancellationToken cancellationToken = default) =>
        (await AskAsync((client, token) => client.ListModelsAsync(new ListModelsRequest(), deadline: Soon(), cancellationToken: token), cancellationToken)).Models;

    /// <summary>Closes the connections; calls under way end.</summary>
    public void Dispose() => _channels.Dispose();

    // Each server is asked twice at most.
    private async Task<T> AskAsync<T>(Func<Generation.GenerationClient, CancellationToken, AsyncUnaryCall<T>> call, CancellationToken cancellation)
    {
        for (var tried = 1; ; tried++)
        {
            using var lease = _channels.Rent();
            try
            {
                return await call(lease.Client, cancellation);
            }
            catch (RpcException) when (cancellation.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellation);
            }
            catch (RpcException e) when (!Failures.IsPassing(e) || tried == 2 * _channels.Count)
            {
                throw new MeshException(e, lease.Server);
            }
            catch (RpcException)
            {
                _channels.Avoid(lease);
            }

            if (tried >= _channels.Count)
                await Task.Delay(Failures.FirstPause, _options.Time, cancellation);
        }
    }

    // The server would notice by itself after a grace; told so, it stops at once.
    private async Task TryCancelAsync(string jobId)
    {
        try
        {
            using var lease = _channels.Rent();
            await lease.Client.CancelAsync(new CancelRequest { JobId = jobId }, deadline: _options.Time.GetUtcNow().UtcDateTime.AddSeconds(1));
        }
        catch (Exception e) when (e is RpcException or ObjectDisposedException)
        {
        }
    }

    private static GenerateRequest Named(GenerateRequest request)
    {
        var named = request.Clone();
        if (named.RequestId.Length == 0)
            named.RequestId = Guid.NewGuid().ToString("n");
        return named;
    }

    private DateTime? Deadline(TimeSpan? timeout) => timeout is { } time ? _options.Time.GetUtcNow().UtcDateTime + time : null;

    private DateTime Soon() => _options.Time.GetUtcNow().UtcDateTime + _options.AnswerTimeout;
}
