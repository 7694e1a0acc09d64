using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;

namespace Diffusion.Mesh.Unet.Tests;

// The loop asks for the time at the beginning and at the end of each evaluation: clocks can tell where it stands.

/// <summary>A clock that gives the stop signal when an evaluation ends.</summary>
internal sealed class DrainingTime : TimeProvider
{
    private readonly Readiness _readiness;
    private int _left;

    /// <param name="evaluations">After so many; with 0 the signal is there from the first.</param>
    public DrainingTime(Readiness readiness, int evaluations)
    {
        (_readiness, _left) = (readiness, 2 * evaluations);
        if (_left == 0)
            readiness.SetDraining();
    }

    public override DateTimeOffset GetUtcNow()
    {
        if (--_left == 0)
            _readiness.SetDraining();
        return DateTimeOffset.UnixEpoch;
    }
}

/// <summary>A clock that stands still after an evaluation with a preview until that is sent.</summary>
internal sealed class WatchedTime(Responses<DenoiseResponse> responses, uint previewEvery) : TimeProvider
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private uint _calls;

    public override DateTimeOffset GetUtcNow()
    {
        var (evaluation, isEnd) = Math.DivRem(_calls++, 2u);
        if (isEnd == 0 && evaluation > 0 && evaluation % previewEvery == 0)
            Assert.True(SpinWait.SpinUntil(() => responses.Messages.Any(m => m.Preview?.Completed == evaluation), s_patience));
        return DateTimeOffset.UnixEpoch;
    }
}
