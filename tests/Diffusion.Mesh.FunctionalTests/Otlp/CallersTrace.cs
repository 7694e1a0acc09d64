using System.Diagnostics;

namespace Diffusion.Mesh.FunctionalTests;

/// <summary>The trace that an application's call stands in.</summary>
internal sealed class CallersTrace(bool isSampled)
{
    public string Id { get; } = ActivityTraceId.CreateRandom().ToHexString();

    /// <summary>The application's span.</summary>
    public string Span { get; } = ActivitySpanId.CreateRandom().ToHexString();

    /// <summary>W3C trace context.</summary>
    public string Header => $"00-{Id}-{Span}-{(isSampled ? "01" : "00")}";
}
