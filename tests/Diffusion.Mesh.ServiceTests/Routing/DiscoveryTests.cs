using System.Net;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Orchestrator;
using Microsoft.Extensions.DependencyInjection;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Workers that a name stands for: they come and go while jobs run.</summary>
public sealed class DiscoveryTests : FakeTest
{
    private const string Name = "unets.test";

    private readonly FakeDns _dns = new(Name);

    [Fact]
    public async Task Generate_NameHasNoAddressYet_WaitsForTheFirstWorker()
    {
        var unet = Willing();
        var port = (await KeepAsync(unet.StartAsync(Log))).Address.Port;
        var client = (await OrchestrateAsync(port)).Client();

        var generating = client.FulfilAsync(Wishes.Quick());
        await _dns.LookedUpAsync();
        var before = generating.IsCompleted;
        _dns.Addresses = [IPAddress.Loopback];

        Assert.NotNull((await generating)[^1].Done);
        Assert.False(before);
    }

    [Fact]
    public async Task Generate_AddressIsReplaced_NewJobsGoToTheNewOneAndRunningOnesEnd()
    {
        var may = new TaskCompletionSource();
        var (old, next) = (Willing(may.Task), Willing());
        var port = (await KeepAsync(old.StartAsync(Log))).Address.Port;
        var other = IPAddress.Parse("127.0.0.2");
        await KeepAsync(next.StartAsync(Log, new ListenAddress(other, port)));
        _dns.Addresses = [IPAddress.Loopback];
        var orchestrator = await OrchestrateAsync(port);
        using var running = orchestrator.Client().Generate(Wishes.Quick());
        while (old.Jobs.Count == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(5), Patience.Token);

        _dns.Addresses = [other];
        await orchestrator.KnowsAsync(workers => workers is [{ Worker.Address.Host: "127.0.0.2" }]);
        await orchestrator.Client().FulfilAsync(Wishes.Quick());
        may.SetResult();

        Assert.NotNull((await Wishes.ReadAsync(running))[^1].Done);
        Assert.Equal((1, 1), (old.Jobs.Count, next.Jobs.Count));
    }

    [Fact]
    public async Task Generate_NobodyAnswersLookUps_WorkersThatWereFoundGoOn()
    {
        var unet = Willing();
        var port = (await KeepAsync(unet.StartAsync(Log))).Address.Port;
        _dns.Addresses = [IPAddress.Loopback];
        var orchestrator = await OrchestrateAsync(port);
        await orchestrator.KnowsAsync(workers => workers.Count == 1);

        _dns.Addresses = null;
        await _dns.LookedUpAsync();

        Assert.NotNull((await orchestrator.Client().FulfilAsync(Wishes.Quick()))[^1].Done);
        Assert.Single(Log.Lines, l => l.Contains($"{Name} cannot be looked up", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ResolveAsync_HostOfBothKinds_GivesOneKind() =>
        Assert.Equal([IPAddress.Loopback], (await new SystemDns().ResolveAsync("localhost", Patience.Token)).Distinct());

    [Theory]
    [InlineData("dns:///unets.default.svc:7420", "http://unets.default.svc:7420/")]
    [InlineData("dns:///unets:80", "http://unets/")]
    public void ParseWorkers_Name_IsKept(string text, string byName)
    {
        var address = ServiceAddress.ParseWorkers(text);

        Assert.True(ServiceAddress.IsDns(address));
        Assert.Equal(byName, ServiceAddress.ByName(address)?.AbsoluteUri);
    }

    [Theory]
    [InlineData("http://127.0.0.1:7420")]
    [InlineData("127.0.0.1:7420")]
    [InlineData("https://unets:7420")]
    public void ParseWorkers_Address_IsOne(string text) => Assert.False(ServiceAddress.IsDns(ServiceAddress.ParseWorkers(text)));

    [Theory]
    [InlineData("dns:///unets")]
    [InlineData("dns:///127.0.0.1:7420")]
    [InlineData("dns://resolver/unets:7420")]
    [InlineData("dns:///unets:7420/path")]
    [InlineData("dns:///")]
    [InlineData("ftp://unets:7420")]
    public void ParseWorkers_Neither_IsRefused(string text) => Assert.Throws<FormatException>(() => ServiceAddress.ParseWorkers(text));

    private Task<RunningService> OrchestrateAsync(int port) => OrchestrateAsync([], s => s with
    {
        Unets = [ServiceAddress.ParseWorkers($"dns:///{Name}:{port}")],
        Configure = builder =>
        {
            builder.Services.AddSingleton<IDnsResolver>(_dns);
            builder.Services.AddSingleton(new RoutingOptions { LookUpEvery = TimeSpan.FromMilliseconds(20) });
        },
    });
}
