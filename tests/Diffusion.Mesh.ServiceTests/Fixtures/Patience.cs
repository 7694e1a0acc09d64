namespace Diffusion.Mesh.ServiceTests;

/// <summary>How long a test waits for what must happen: a hang fails instead of blocking the run. No test asserts a time.</summary>
internal static class Patience
{
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(60);

    /// <summary>The end of patience as a token.</summary>
    public static CancellationToken Token => new CancellationTokenSource(Time).Token;
}
