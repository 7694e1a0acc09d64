using Xunit;
using Xunit.Abstractions;
namespace Diffusion.Mesh.Sampling.Tests;
public sealed class Probe(ITestOutputHelper o)
{
    [Fact]
    public void Exact()
    {
        foreach (var g in GoldenSchedule.All)
        {
            var s = g.CreateSampler();
            var t = s.Evaluations.Select(e => (float)e.Timestep).ToArray();
            var tg = g.Timesteps;
            var d = t.Zip(tg).Select(p => Math.Abs(p.First - (double)p.Second)).ToArray();
            var sg = g.Sigmas;
            var ds = sg is null ? [] : s.Evaluations.Select((e, i) => Math.Abs((float)e.Sigma - (double)sg[i]) / Math.Max(1e-9, sg[i])).ToArray();
            o.WriteLine($"{g} tdiff {d.Count(x => x != 0)}/{d.Length} max {d.Max():g3}  sdiff {ds.Count(x => x != 0)}/{ds.Length} max {(ds.Length > 0 ? ds.Max() : 0):g3}");
        }
    }
}
