using System.Diagnostics;
using Grpc.Core;

namespace Diffusion.Mesh.Hosting;

/// <summary>The W3C trace context in gRPC metadata.</summary>
internal static class TraceHeaders
{
    private const string Parent = "traceparent";
    private const string State = "tracestate";

    public static Metadata With(Metadata? headers, Activity activity)
    {
        var copy = new Metadata();
        foreach (var entry in headers ?? [])
            copy.Add(entry);
        copy.Add(Parent, activity.Id!);
        if (!string.IsNullOrEmpty(activity.TraceStateString))
            copy.Add(State, activity.TraceStateString);
        return copy;
    }

    public static ActivityContext Read(Metadata headers) =>
        ActivityContext.TryParse(headers.GetValue(Parent), headers.GetValue(State), isRemote: true, out var context) ? context : default;
}
