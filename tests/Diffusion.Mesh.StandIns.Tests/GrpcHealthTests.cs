using Grpc.AspNetCore.HealthChecks;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Xunit;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Diffusion.Mesh.StandIns.Tests;

public sealed class GrpcHealthTests
{
    private HealthStatus _disk = HealthStatus.Healthy;

    [Theory]
    [InlineData(HealthStatus.Healthy, "", ServingStatus.Serving)]
    [InlineData(HealthStatus.Degraded, "", ServingStatus.Serving)]
    [InlineData(HealthStatus.Unhealthy, "", ServingStatus.NotServing)]
    [InlineData(HealthStatus.Unhealthy, "needs.Disk", ServingStatus.NotServing)]
    [InlineData(HealthStatus.Unhealthy, "needs.Net", ServingStatus.Serving)]
    [InlineData(HealthStatus.Healthy, "needs.Nothing", ServingStatus.Unknown)]
    public async Task Check_MappedService_FollowsItsChecks(HealthStatus disk, string service, ServingStatus expected)
    {
        _disk = disk;
        await using var server = await StartAsync();

        var reply = await Client(server).CheckAsync(new HealthCheckRequest { Service = service });

        Assert.Equal(expected, reply.Status);
    }

    [Fact]
    public async Task Check_UnknownService_NotFound()
    {
        await using var server = await StartAsync();

        var error = await Assert.ThrowsAsync<RpcException>(
            async () => await Client(server).CheckAsync(new HealthCheckRequest { Service = "no.such.Service" }));

        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task Check_CacheInUse_AnswersWithLastPublication()
    {
        await using var server = await StartAsync(options => options.UseHealthChecksCache = true);
        await PublishAsync(server);
        _disk = HealthStatus.Unhealthy;

        Assert.Equal(ServingStatus.Serving, (await Client(server).CheckAsync(new HealthCheckRequest())).Status);
    }

    [Fact]
    public async Task Watch_UnknownService_StaysOpenUntilServiceIsKnown()
    {
        await using var server = await StartAsync();
        using var watch = Client(server).Watch(new HealthCheckRequest { Service = "late.Service" });
        Assert.Equal(ServingStatus.ServiceUnknown, await NextAsync(watch));

        server.Services.GetRequiredService<HealthServiceImpl>().SetStatus("late.Service", ServingStatus.Serving);

        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));
    }

    [Fact]
    public async Task Watch_Publications_SendsOnlyChanges()
    {
        await using var server = await StartAsync();
        using var watch = Client(server).Watch(new HealthCheckRequest());
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));

        await PublishAsync(server);
        await PublishAsync(server);
        _disk = HealthStatus.Unhealthy;
        await PublishAsync(server);

        Assert.Equal(ServingStatus.NotServing, await NextAsync(watch));
    }

    [Fact]
    public async Task Watch_ApplicationStopping_EndsWithNotServing()
    {
        await using var server = await StartAsync();
        using var watch = Client(server).Watch(new HealthCheckRequest());
        Assert.Equal(ServingStatus.Serving, await NextAsync(watch));

        server.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.Equal(ServingStatus.NotServing, await NextAsync(watch));
        Assert.False(await watch.ResponseStream.MoveNext().WaitAsync(GrpcTestServer.Patience));
    }

    private static Health.HealthClient Client(GrpcTestServer server) => new(server.Channel);

    private static async Task<ServingStatus> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext().WaitAsync(GrpcTestServer.Patience));
        return watch.ResponseStream.Current.Status;
    }

    // What the host does every half minute.
    private static async Task PublishAsync(GrpcTestServer server)
    {
        var report = await server.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        foreach (var publisher in server.Services.GetServices<IHealthCheckPublisher>())
        {
            await publisher.PublishAsync(report, CancellationToken.None);
        }
    }

    private Task<GrpcTestServer> StartAsync(Action<GrpcHealthChecksOptions>? configure = null) =>
        GrpcTestServer.StartAsync(services => services
            .AddGrpcHealthChecks(options =>
            {
                options.Services.Map("needs.Disk", check => check.Tags.Contains("disk"));
                options.Services.Map("needs.Net", check => check.Name == "net");
                options.Services.Map("needs.Nothing", _ => false);
                configure?.Invoke(options);
            })
            .AddCheck("disk", () => new HealthCheckResult(_disk), ["disk"])
            .AddCheck("net", () => HealthCheckResult.Healthy()));
}
