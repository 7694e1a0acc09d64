using Diffusion.Mesh.StandIns.Tests.Protos;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Xunit;

namespace Diffusion.Mesh.StandIns.Tests;

public sealed class GrpcInterceptorTests
{
    [Fact]
    public async Task Client_SeveralInterceptors_RunInOrderGiven()
    {
        await using var server = await GrpcTestServer.StartAsync();
        var client = new Echo.EchoClient(server.Channel.Intercept(new Tag("a"), new Tag("b")));

        Assert.Equal(".ab", (await client.OnceAsync(new EchoMessage { Text = "." })).Text);
        Assert.Equal(".ab", client.Once(new EchoMessage { Text = "." }).Text);
    }

    [Fact]
    public async Task Client_HeaderInterceptor_AddsToHeadersOfCall()
    {
        await using var server = await GrpcTestServer.StartAsync();
        var client = new Echo.EchoClient(server.Channel.Intercept(headers =>
        {
            headers.Add("echo-added", "yes");
            return headers;
        }));
        using var call = client.OnceAsync(new EchoMessage(), new Metadata { { "echo-own", "too" } });
        await call;

        Assert.Equal("yes", call.GetTrailers().GetValue("echo-added"));
        Assert.Equal("too", call.GetTrailers().GetValue("echo-own"));
    }

    [Fact]
    public async Task Server_Interceptor_SeesEveryKindOfCall()
    {
        var log = new List<string>();
        await using var server = await GrpcTestServer.StartAsync(grpc: options => options.Interceptors.Add<Record>(log));

        await server.Echo.OnceAsync(new EchoMessage());
        using var join = server.Echo.Join();
        await join.RequestStream.CompleteAsync();
        await join;
        using var repeat = server.Echo.Repeat(new EchoMessage());
        Assert.False(await repeat.ResponseStream.MoveNext());
        using var chat = server.Echo.Chat();
        await chat.RequestStream.CompleteAsync();
        Assert.False(await chat.ResponseStream.MoveNext());

        Assert.Equal(["Once", "Join", "Repeat", "Chat"], log);
    }

    /// <summary>Appends to the text of unary requests.</summary>
    private sealed class Tag(string tag) : Interceptor
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            BlockingUnaryCallContinuation<TRequest, TResponse> continuation) =>
            continuation(Append(request), context);

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
            continuation(Append(request), context);

        private TRequest Append<TRequest>(TRequest request)
        {
            Assert.IsType<EchoMessage>(request).Text += tag;
            return request;
        }
    }

    /// <summary>Writes down the method of each call.</summary>
    private sealed class Record(List<string> log) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            Write(context);
            return base.UnaryServerHandler(request, context, continuation);
        }

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            ServerCallContext context,
            ClientStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Write(context);
            return base.ClientStreamingServerHandler(requestStream, context, continuation);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Write(context);
            return base.ServerStreamingServerHandler(request, responseStream, context, continuation);
        }

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            Write(context);
            return base.DuplexStreamingServerHandler(requestStream, responseStream, context, continuation);
        }

        private void Write(ServerCallContext context) => log.Add(context.Method.Split('/')[^1]);
    }
}
