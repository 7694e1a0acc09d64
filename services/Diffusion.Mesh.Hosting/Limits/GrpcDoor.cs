using System.Buffers;
using System.Buffers.Binary;
using Diffusion.Mesh.Identity;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Diffusion.Mesh.Hosting;

/// <summary>
/// Asks who calls, and how large the message is, before the message is read: gRPC reads it whole before any interceptor sees the call, and a stranger should not fill the
/// memory. A call that is refused goes on with an empty message in place of its own to <see cref="IdentityInterceptor"/>, so that it is answered, measured and
/// traced as every other.
/// </summary>
internal sealed class GrpcDoor(CallerCheck callers)
{
    private const string Health = "/grpc.health.v1.Health/";
    private const string Reflection = "/grpc.reflection.";

    // Whether it is compressed, and its length (gRPC over HTTP/2, "Length-Prefixed-Message").
    private const int Prefix = 5;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value ?? "";
        // Its clients may be silent for as long as they like.
        var isStream = path.StartsWith(Reflection, StringComparison.Ordinal);
        if (isStream && context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null;
        try
        {
            if (!path.StartsWith(Health, StringComparison.Ordinal) && !path.StartsWith(Listeners.ScalerService, StringComparison.Ordinal))
                context.Features.Set(await IdentifyAsync(context));
            if (!isStream)
                await CheckLengthAsync(context, path);
        }
        catch (Exception e) when (e is ServiceException or RpcException)
        {
            context.Features.Set(new GrpcRefusal(e));
            context.Request.Body = new MemoryStream(new byte[Prefix]);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // Gone, or cut off for being slow.
            context.Abort();
            return;
        }

        await next(context);
    }

    private async Task<Caller> IdentifyAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        return await callers.IdentifyAsync(
            headers.Authorization.FirstOrDefault(), headers["x-api-key"].FirstOrDefault(), context.Connection.RemoteIpAddress, context.RequestAborted);
    }

    private static async Task CheckLengthAsync(HttpContext context, string method)
    {
        var body = context.Request.BodyReader;
        var read = await body.ReadAtLeastAsync(Prefix, context.RequestAborted);
        var length = Length(read.Buffer);
        body.AdvanceTo(read.Buffer.Start);
        if (length > MessageLimits.For(method))
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted, $"The request has {length} bytes; {method} takes at most {MessageLimits.For(method)}."));
        }
    }

    private static uint Length(ReadOnlySequence<byte> body)
    {
        if (body.Length < Prefix)
            return 0;
        Span<byte> prefix = stackalloc byte[Prefix];
        body.Slice(0, Prefix).CopyTo(prefix);
        return BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
    }
}

/// <summary>Why a call is refused.</summary>
internal sealed record GrpcRefusal(Exception Error);
