using Diffusion.Mesh.StandIns.Tests.Protos;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Diffusion.Mesh.StandIns.Tests;

public sealed class GrpcFailureTests
{
    [Fact]
    public async Task Unary_ServiceThrows_StatusTrailersAndDetailsArrive()
    {
        await using var server = await GrpcTestServer.StartAsync();
        using var call = server.Echo.FailAsync(new EchoMessage { Text = "no, 100 % no" });

        var error = await Assert.ThrowsAsync<RpcException>(async () => await call);

        Assert.Equal(StatusCode.Aborted, error.StatusCode);
        Assert.Equal("no, 100 % no", error.Status.Detail);
        Assert.Equal("Status(StatusCode=\"Aborted\", Detail=\"no, 100 % no\")", error.Message);
        Assert.Equal("test", error.Trailers.GetValue("reason"));
        Assert.Equal(StatusCode.Aborted, call.GetStatus().StatusCode);
        var details = Google.Rpc.Status.Parser.ParseFrom(error.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal("text", details.Details.Single().Unpack<BadRequest>().FieldViolations.Single().Field);
    }

    [Fact]
    public async Task Unary_DeadlinePasses_DeadlineExceededOnBothSides()
    {
        await using var server = await GrpcTestServer.StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await server.Echo.HangAsync(new EchoMessage(), deadline: DateTime.UtcNow.AddMilliseconds(500)));

        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        await server.Services.GetRequiredService<GrpcEchoService.Signals>().Released.Task.WaitAsync(GrpcTestServer.Patience);
    }

    [Fact]
    public async Task Unary_ClientCancels_CancelledOnBothSides()
    {
        await using var server = await GrpcTestServer.StartAsync();
        var signals = server.Services.GetRequiredService<GrpcEchoService.Signals>();
        using var cancellation = new CancellationTokenSource();
        using var call = server.Echo.HangAsync(new EchoMessage(), cancellationToken: cancellation.Token);
        await signals.Hanging.Task.WaitAsync(GrpcTestServer.Patience);

        await cancellation.CancelAsync();

        var error = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
        await signals.Released.Task.WaitAsync(GrpcTestServer.Patience);
    }

    [Fact]
    public async Task Unary_UnknownService_Unimplemented()
    {
        await using var server = await GrpcTestServer.StartAsync();
        var method = new Method<string, string>(
            MethodType.Unary, "no.such.Service", "Call", Marshallers.StringMarshaller, Marshallers.StringMarshaller);

        using var call = server.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(), "");

        var error = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(StatusCode.Unimplemented, error.StatusCode);
    }

    [Fact]
    public void Call_TestDouble_ThrowsNotImplemented()
    {
        var client = new TestDouble();

        Assert.Throws<NotImplementedException>(() => client.Once(new EchoMessage()));
    }

    private sealed class TestDouble : Echo.EchoClient;
}
