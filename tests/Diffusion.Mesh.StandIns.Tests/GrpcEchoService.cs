using Diffusion.Mesh.StandIns.Tests.Protos;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace Diffusion.Mesh.StandIns.Tests;

internal sealed class GrpcEchoService(GrpcEchoService.Signals signals) : Echo.EchoBase
{
    public override async Task<EchoMessage> Once(EchoMessage request, ServerCallContext context)
    {
        var headers = new Metadata();
        foreach (var entry in context.RequestHeaders.Where(entry => entry.Key.StartsWith("echo-", StringComparison.Ordinal)))
        {
            headers.Add(entry);
            context.ResponseTrailers.Add(entry);
        }

        await context.WriteResponseHeadersAsync(headers);
        return request;
    }

    public override async Task<EchoMessage> Join(IAsyncStreamReader<EchoMessage> requestStream, ServerCallContext context)
    {
        var texts = new List<string>();
        while (await requestStream.MoveNext())
        {
            texts.Add(requestStream.Current.Text);
        }

        return new EchoMessage { Text = string.Join(' ', texts) };
    }

    public override async Task Repeat(
        EchoMessage request, IServerStreamWriter<EchoMessage> responseStream, ServerCallContext context)
    {
        for (var time = 1; time <= request.Times; time++)
        {
            await responseStream.WriteAsync(new EchoMessage { Text = request.Text, Times = time }, context.CancellationToken);
        }
    }

    public override async Task Chat(
        IAsyncStreamReader<EchoMessage> requestStream, IServerStreamWriter<EchoMessage> responseStream, ServerCallContext context)
    {
        await foreach (var message in requestStream.ReadAllAsync())
        {
            await responseStream.WriteAsync(message);
        }
    }

    public override Task<EchoMessage> Fail(EchoMessage request, ServerCallContext context)
    {
        var violation = new BadRequest.Types.FieldViolation { Field = "text", Description = request.Text };
        var details = new Google.Rpc.Status
        {
            Code = (int)StatusCode.Aborted,
            Details = { Any.Pack(new BadRequest { FieldViolations = { violation } }) },
        };
        throw new RpcException(
            new Status(StatusCode.Aborted, request.Text),
            new Metadata { { "reason", "test" }, { "grpc-status-details-bin", details.ToByteArray() } });
    }

    public override async Task<EchoMessage> Hang(EchoMessage request, ServerCallContext context)
    {
        signals.Hanging.TrySetResult();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
        }
        finally
        {
            signals.Released.TrySetResult();
        }

        return request;
    }

    /// <summary>What a test may wait for.</summary>
    internal sealed class Signals
    {
        public TaskCompletionSource Hanging { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
