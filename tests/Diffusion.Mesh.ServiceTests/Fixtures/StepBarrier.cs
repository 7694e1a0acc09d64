using System.Diagnostics;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Holds a UNet worker at the beginning of a forward pass, so that a test knows where it stands.</summary>
/// <param name="pass">Which one of the trace, from 1.</param>
internal sealed class StepBarrier(int pass) : IDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _released = new();
    private int _passes;

    public Task Reached => _reached.Task.WaitAsync(Patience.Time);

    public void Release() => _released.Set();

    /// <summary>For <see cref="SpanRecorder"/>.</summary>
    public void OnStart(Activity span)
    {
        if (!SpanRecorder.IsForward(span) || Interlocked.Increment(ref _passes) != pass)
            return;
        _reached.SetResult();
        _released.Wait(Patience.Time);
    }

    public void Dispose() => Release();
}
