using Diffusion.Mesh.Identity;
using Grpc.Core;

namespace Diffusion.Mesh.Hosting;

/// <summary>Who makes a call, as its context carries it.</summary>
public static class CallerContext
{
    private static readonly object Key = new();

    /// <summary>Who makes this call.</summary>
    /// <exception cref="InvalidOperationException">Nobody asked: the role's methods are no public ones.</exception>
    public static Caller Caller(this ServerCallContext context) =>
        context.UserState.TryGetValue(Key, out var caller)
            ? (Caller)caller
            : throw new InvalidOperationException($"{context.Method} was called without an identity.");

    internal static void Set(ServerCallContext context, Caller caller) => context.UserState[Key] = caller;
}
