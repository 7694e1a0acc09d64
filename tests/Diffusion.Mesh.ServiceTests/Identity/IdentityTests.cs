using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Identity;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;

namespace Diffusion.Mesh.ServiceTests;

public sealed class IdentityTests : FakeTest, IDisposable
{
    private readonly TemporaryKeys _keys = new();

    [Theory]
    [InlineData("authorization", "Bearer ")]
    [InlineData("authorization", "bearer ")]
    [InlineData("x-api-key", "")]
    public async Task Call_GoodKey_IsTaken(string header, string prefix)
    {
        var key = _keys.Add("acme");
        var client = await StartAsync();

        var events = await client.FulfilAsync(Wishes.Quick(), new Metadata { { header, prefix + key.Text() } });

        Assert.NotNull(events[^1].Done);
    }

    [Fact]
    public async Task Call_NoGoodKey_IsUnauthenticatedAndNeverSaysWhy()
    {
        var (good, expired) = (_keys.Add("acme"), _keys.Add("acme", TimeProvider.System.GetUtcNow().AddDays(-1)));
        var client = await StartAsync();
        Metadata[] wrong =
        [
            [],
            Header(expired.Text()),
            Header((good with { Secret = expired.Secret }).Text()),
            Header((good with { Id = "0123456789ab" }).Text()),
            Header("no key at all"),
            new() { { "authorization", "Basic dXNlcjpwYXNz" } },
            // The first header decides: a wrong one is not made good by another.
            new() { { "authorization", "Bearer x" }, { "x-api-key", good.Text() } },
        ];

        var errors = new List<RpcException>();
        foreach (var headers in wrong)
            errors.Add(await Assert.ThrowsAsync<RpcException>(async () => await client.ListModelsAsync(new ListModelsRequest(), headers)));

        Assert.All(errors, e => Assert.Equal(StatusCode.Unauthenticated, e.StatusCode));
        Assert.Single(errors.Select(e => e.Status.Detail).Distinct());
        Assert.All(Log.Lines, line => Assert.DoesNotContain(good.Text()[18..], line, StringComparison.Ordinal));
        Assert.Contains(Log.Lines, line => line.Contains("127.0.0.1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(AnonymousCalls.Loopback, true)]
    [InlineData(AnonymousCalls.Always, true)]
    [InlineData(AnonymousCalls.Never, false)]
    public async Task Call_NoKeysAndNone_IsTakenByOption(AnonymousCalls anonymous, bool taken)
    {
        var client = (await OrchestrateAsync([Willing()], s => s with { Anonymous = anonymous })).Client();

        var error = await Record.ExceptionAsync(async () => await client.ListModelsAsync(new ListModelsRequest()));

        Assert.Equal(taken, error is null);
    }

    [Fact]
    public async Task Call_WrongKeyWhereAnonymousCallsAreTaken_IsUnauthenticated()
    {
        _keys.Add("acme");
        var client = await StartAsync(AnonymousCalls.Always);

        await client.ListModelsAsync(new ListModelsRequest());
        var error = await Assert.ThrowsAsync<RpcException>(async () => await client.ListModelsAsync(new ListModelsRequest(), Header(ApiKey.Create().Text())));

        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
    }

    [Fact]
    public async Task Call_KeyOfOtherModels_IsPermissionDeniedAndListsNone()
    {
        var key = _keys.Add("acme", models: "other");
        var client = await StartAsync();

        var models = await client.ListModelsAsync(new ListModelsRequest(), Header(key.Text()));
        var error = await Assert.ThrowsAsync<RpcException>(() => client.FulfilAsync(Wishes.Quick(), Header(key.Text())));

        Assert.Empty(models.Models);
        Assert.Equal(StatusCode.PermissionDenied, error.StatusCode);
        Assert.Contains("shapes", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_TooManyFailures_AreResourceExhaustedWhileGoodKeysAreTaken()
    {
        var key = _keys.Add("acme");
        var client = await StartAsync();

        var codes = new List<StatusCode>();
        for (var i = 0; i <= FailedLogins.Tolerated; i++)
            codes.Add((await Assert.ThrowsAsync<RpcException>(async () => await client.ListModelsAsync(new ListModelsRequest()))).StatusCode);

        Assert.All(codes[..^1], code => Assert.Equal(StatusCode.Unauthenticated, code));
        Assert.Equal(StatusCode.ResourceExhausted, codes[^1]);
        Assert.Single((await client.ListModelsAsync(new ListModelsRequest(), Header(key.Text()))).Models);
    }

    [Fact]
    public async Task Call_HealthNeedsNoKeyAndReflectionDoes()
    {
        var key = _keys.Add("acme");
        var orchestrator = await OrchestrateAsync([Willing()], s => s with { Keys = _keys.Path, Anonymous = AnonymousCalls.Never });

        var health = await new Health.HealthClient(orchestrator.Channel).CheckAsync(new HealthCheckRequest());
        var error = await Assert.ThrowsAsync<RpcException>(() => ReflectAsync(orchestrator, []));
        var services = await ReflectAsync(orchestrator, Header(key.Text()));

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
        Assert.Contains(services, s => s == Generation.Descriptor.FullName);
    }

    [Fact]
    public async Task Start_BrokenFileOfKeys_IsAWrongOption()
    {
        File.WriteAllText(_keys.Path, "{");

        var error = await Assert.ThrowsAsync<OptionsException>(() => OrchestrateAsync([Willing()], s => s with { Keys = _keys.Path }));

        Assert.Contains("--keys", error.Message, StringComparison.Ordinal);
        Assert.Contains(_keys.Path, error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _keys.Dispose();

    private async Task<Generation.GenerationClient> StartAsync(AnonymousCalls anonymous = AnonymousCalls.Never) =>
        (await OrchestrateAsync([Willing()], s => s with { Keys = _keys.Path, Anonymous = anonymous })).Client();

    private static Metadata Header(string key) => new() { { "authorization", $"Bearer {key}" } };

    private static async Task<string[]> ReflectAsync(RunningService service, Metadata headers)
    {
        using var call = new ServerReflection.ServerReflectionClient(service.Channel).ServerReflectionInfo(headers, cancellationToken: Patience.Token);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext(Patience.Token));
        var names = call.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name).ToArray();
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Patience.Token));
        return names;
    }
}
