using Microsoft.AspNetCore.Http;

namespace Diffusion.Mesh.Orchestrator;

/// <summary>Bodies with pictures are read a few at a time, whichever API they are for, since each is in memory as a whole.</summary>
internal sealed class LargeBodies(TimeProvider time) : IDisposable
{
    private const long Large = 1 << 20;
    private const int AtOnce = 4;

    private const string Kestrel = "Microsoft.AspNetCore.Server.Kestrel.Core";

    private readonly SemaphoreSlim _places = new(AtOnce);

    /// <summary>Reads a body in its turn.</summary>
    /// <param name="largest">Bytes that it may have.</param>
    /// <param name="read">Reads and parses it, until cancelled.</param>
    /// <exception cref="BadHttpRequestException">It did not come in time (408), is too large (413), or is none (400).</exception>
    public async Task<T> ReadAsync<T>(ApiCall call, long largest, Func<CancellationToken, Task<T>> read)
    {
        ApiDoor.AllowBody(call.Context, largest);
        // Also of calls that may last: only their answers do.
        using var late = new CancellationTokenSource(ApiDoor.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation, late.Token);
        var isLarge = largest > Large && !(call.Request.ContentLength <= Large);
        try
        {
            if (isLarge)
                await _places.WaitAsync(either.Token);
            try
            {
                return await read(either.Token);
            }
            finally
            {
                if (isLarge)
                    _places.Release();
            }
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !call.Cancellation.IsCancellationRequested)
        {
            throw new BadHttpRequestException($"The body did not come within {ApiDoor.Patience.TotalSeconds} seconds.", StatusCodes.Status408RequestTimeout);
        }
        catch (InvalidOperationException e) when (e.Source == Kestrel)
        {
            // What Kestrel says of chunks whose trailers are no text; of headers it says it better.
            throw new BadHttpRequestException("The body's trailers are no headers.", e);
        }
    }

    public void Dispose() => _places.Dispose();
}
