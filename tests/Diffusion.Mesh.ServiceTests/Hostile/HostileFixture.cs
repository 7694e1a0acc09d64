using System.Net.Http.Json;
using System.Text.Json;
using Diffusion.Mesh.Cli;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Identity;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>A cluster that takes nobody without a key, with a good client at each of its doors that generates all the time.</summary>
public sealed class HostileFixture : IAsyncLifetime
{
    public const int RequestsPerMinute = 3000;

    private static readonly GenerateRequest _wish = new() { Prompt = "a large red circle", Seed = 11, Schedule = new Schedule { Steps = 3 }, Width = 64, Height = 64 };

    // So that the good clients stay within what a key may.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _made = new(0);
    private EmbeddedCluster? _cluster;
    private GrpcChannel? _channel;
    private byte[] _right = [];
    private Task _good = Task.CompletedTask;

    public ErrorLog Log { get; } = new();

    public Uri Grpc => _cluster!.Address;

    public Uri Http => _cluster!.Console!;

    private TemporaryKeys Keys { get; } = new();

    internal ApiKey Good { get; private set; } = null!;

    /// <summary>Of the same tenant.</summary>
    internal ApiKey GoodOverHttp { get; private set; } = null!;

    internal ApiKey Other { get; private set; } = null!;

    internal ApiKey Expired { get; private set; } = null!;

    internal ApiKey Poor { get; private set; } = null!;

    internal ApiKey Busy { get; private set; } = null!;

    /// <summary>A job of the good client's.</summary>
    internal string Job { get; private set; } = "";

    internal HttpClient Client { get; } = new() { Timeout = Patience.Time };

    internal Generation.GenerationClient Calls => new(_channel);

    internal static Metadata Header(ApiKey key) => new() { { "authorization", $"Bearer {key.Text()}" } };

    public async Task InitializeAsync()
    {
        (Good, GoodOverHttp, Other, Busy) = (Keys.Add("good"), Keys.Add("good"), Keys.Add("other"), Keys.Add("busy"));
        Expired = Keys.Add("good", TimeProvider.System.GetUtcNow().AddDays(-1));
        Poor = Keys.Add("poor", quotas: new Quotas { CostPerMinute = 1 });
        var options = new ServiceOptions
        {
            Grpc = ListenAddress.AnyLoopback,
            Http = ListenAddress.AnyLoopback,
            Models = RunningService.Models,
            Keys = Keys.Path,
            Anonymous = AnonymousCalls.Never,
            HeaderTimeout = TimeSpan.FromSeconds(1),
            IdleTimeout = TimeSpan.FromSeconds(5),
            RequestsPerMinute = RequestsPerMinute,
        };
        _cluster = await EmbeddedCluster.StartAsync(options, Log.Attach, Patience.Token);
        _channel = RunningService.Open(Grpc);
        Job = (await Calls.FulfilAsync(_wish, Header(Good)))[0].JobId;
        _right = Wishes.File(await GenerateAsync());
        _good = Task.WhenAll(GoOnAsync(async () => Wishes.File(await GenerateAsync())), GoOnAsync(GenerateOverHttpAsync));
    }

    public async Task DisposeAsync()
    {
        await _end.CancelAsync();
        await _good;
        _channel?.Dispose();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        Client.Dispose();
        Keys.Dispose();
        _made.Dispose();
        _end.Dispose();
        Log.AssertNoErrors();
    }

    /// <summary>Waits until both good clients got a picture that they asked for after this call, and all before, each of them right.</summary>
    internal async Task UndisturbedAsync()
    {
        while (_made.CurrentCount > 0)
            await _made.WaitAsync();
        // Of each client the picture under way, and one more.
        for (var i = 0; i < 4; i++)
        {
            var made = _made.WaitAsync(Patience.Token);
            if (await Task.WhenAny(made, _good) == _good)
                await _good;
            await made;
        }
    }

    private async Task<IReadOnlyList<GenerateEvent>> GenerateAsync() => await Calls.FulfilAsync(_wish, Header(Good));

    private async Task<byte[]> GenerateOverHttpAsync()
    {
        var wish = new { prompt = _wish.Prompt, seed = _wish.Seed, schedule = new { steps = 3 }, width = 64, height = 64 };
        using var accepted = await SendAsync(HttpMethod.Post, "/api/jobs", GoodOverHttp, JsonContent.Create(wish));
        Assert.Equal(202, (int)accepted.StatusCode);
        var id = (await accepted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        using var events = await SendAsync(HttpMethod.Get, $"/api/jobs/{id}/events", GoodOverHttp);
        Assert.Contains("event: done", await events.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var picture = await SendAsync(HttpMethod.Get, $"/api/jobs/{id}/pictures/0", GoodOverHttp);
        return await picture.Content.ReadAsByteArrayAsync();
    }

    internal async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, ApiKey? key, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, new Uri(Http, path)) { Content = content };
        if (key is not null)
            request.Headers.Authorization = new("Bearer", key.Text());
        return await Client.SendAsync(request);
    }

    private async Task GoOnAsync(Func<Task<byte[]>> generate)
    {
        while (!_end.IsCancellationRequested)
        {
            Assert.Equal(_right, await generate());
            _made.Release();
            await Task.Delay(_pause);
        }
    }
}
