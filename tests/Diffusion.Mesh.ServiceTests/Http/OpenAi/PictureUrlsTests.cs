using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.State;
using Microsoft.AspNetCore.Http;

namespace Diffusion.Mesh.ServiceTests;

/// <summary>Signed addresses of pictures.</summary>
public sealed class PictureUrlsTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Check_OurAddress_IsGoodUntilItExpires()
    {
        var store = new MemoryJobStore(_time);
        var urls = Urls(store);
        var (expires, signature) = Parts(await AddressAsync(urls));

        // Another process of the cluster.
        await Urls(store).CheckAsync("job", 1, expires, signature, default);
        _time.Advance(Lifetime - TimeSpan.FromSeconds(1));
        await urls.CheckAsync("job", 1, expires, signature, default);
        _time.Advance(TimeSpan.FromSeconds(1));
        await AssertRefusedAsync(urls, "job", 1, expires, signature);
    }

    [Fact]
    public async Task Check_AnythingElse_IsRefused()
    {
        var store = new MemoryJobStore(_time);
        var urls = Urls(store);
        var (expires, signature) = Parts(await AddressAsync(urls));

        await AssertRefusedAsync(urls, "jobb", 1, expires, signature);
        await AssertRefusedAsync(urls, "job", 11, expires, signature);
        await AssertRefusedAsync(urls, "job", 1, $"{long.Parse(expires) + 1}", signature);
        await AssertRefusedAsync(urls, "job", 1, $"{expires} ", signature);
        await AssertRefusedAsync(urls, "job", 1, "", signature);
        await AssertRefusedAsync(urls, "job", 1, expires, "");
        await AssertRefusedAsync(urls, "job", 1, expires, signature[..^1]);
        await AssertRefusedAsync(urls, "job", 1, expires, $"{signature}{signature}");
        var other = new MemoryJobStore(_time);
        await AssertRefusedAsync(Urls(other), "job", 1, expires, signature);
    }

    [Theory]
    [InlineData(null, "https://mesh.example:8443/pictures/job/1?")]
    [InlineData("https://pictures.example/here/", "https://pictures.example/here/pictures/job/1?")]
    public async Task Of_PublicUrl_BeginsWithIt(string? url, string expected)
    {
        var store = new MemoryJobStore(_time);

        Assert.StartsWith(expected, (await AddressAsync(Urls(store, url))).AbsoluteUri, StringComparison.Ordinal);
    }

    private PictureUrls Urls(MemoryJobStore store, string? url = null) => new(
        store, new ServiceOptions { Grpc = ListenAddress.AnyLoopback, UrlLifetime = Lifetime, PublicUrl = url is null ? null : new Uri(url) }, _time);

    private static async Task<Uri> AddressAsync(PictureUrls urls)
    {
        var request = new DefaultHttpContext().Request;
        (request.Scheme, request.Host) = ("https", new HostString("mesh.example", 8443));
        return new Uri(await urls.OfAsync(request, "job", 1, default));
    }

    private static (string Expires, string Signature) Parts(Uri address)
    {
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(address.Query);
        return (query["expires"]!, query["signature"]!);
    }

    private static async Task AssertRefusedAsync(PictureUrls urls, string job, int index, string expires, string signature)
    {
        var error = await Assert.ThrowsAsync<ServiceException>(() => urls.CheckAsync(job, index, expires, signature, default));
        Assert.Equal(ServiceError.Forbidden, error.Error);
    }
}
