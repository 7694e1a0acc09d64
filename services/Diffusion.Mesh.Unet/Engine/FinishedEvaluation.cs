using System.Diagnostics;
using Diffusion.Mesh.V1;
using Google.Protobuf.WellKnownTypes;

namespace Diffusion.Mesh.Unet;

/// <summary>What there is to tell of a model evaluation; a value, so that a step allocates nothing for it.</summary>
/// <param name="Index">0 for the first of the run.</param>
/// <param name="Rows">Rows of the job.</param>
/// <param name="BatchRows">Rows of the forward pass; the largest, where it took several.</param>
/// <param name="Forward">The first pass's span; none where nobody traces.</param>
internal readonly record struct FinishedEvaluation(
    int Index, double Timestep, double Sigma, DateTimeOffset Started, DateTimeOffset Ended, int Rows, int BatchRows, ActivityContext Forward)
{
    public Evaluation ToMessage() => new()
    {
        Index = (uint)Index,
        Timestep = Timestep,
        Sigma = Sigma,
        Started = Started.ToTimestamp(),
        Ended = Ended.ToTimestamp(),
        Rows = (uint)Rows,
        BatchRows = (uint)BatchRows,
        ForwardSpan = Forward == default ? "" : $"00-{Forward.TraceId}-{Forward.SpanId}-{(byte)Forward.TraceFlags:x2}",
    };
}
