using System.Net;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Identity;
using Diffusion.Mesh.V1;
using Grpc.Core;

namespace Diffusion.Mesh.ServiceTests;

public sealed class RequestRatesTests
{
    private static readonly IPAddress _peer = IPAddress.Parse("192.0.2.1");
    private static readonly Caller _acme = Caller.Anonymous with { KeyId = "0123456789ab", Tenant = "acme" };

    private readonly ManualTime _time = new();

    [Fact]
    public void Count_MoreThanTheBurst_IsExhaustedUntilTheTimeThatItTells()
    {
        var rates = Rates(120);
        Assert.Equal(20, Taken(rates, _acme, _peer));
        var wait = RichErrors.RetryAfter(Assert.Throws<RpcException>(() => rates.Count(_acme, _peer)))!.Value;

        Assert.Equal(20, Taken(rates, _acme with { KeyId = "ba9876543210" }, _peer));
        _time.Advance(wait);
        Assert.Equal(1, Taken(rates, _acme, _peer));
    }

    [Fact]
    public void Count_CallersWithoutAKey_AreCountedByAddressAndNotOfThisMachine()
    {
        var rates = Rates(60);

        Assert.Equal(10, Taken(rates, Caller.Anonymous, IPAddress.Parse("2001:db8::1")));
        Assert.Equal(0, Taken(rates, Caller.Anonymous, IPAddress.Parse("2001:db8::2")));
        Assert.Equal(10, Taken(rates, Caller.Anonymous, _peer));
        Assert.Equal(1000, Taken(rates, Caller.Anonymous, IPAddress.Loopback));
    }

    [Fact]
    public void Count_NoBound_IsNeverExhausted() => Assert.Equal(1000, Taken(Rates(0), _acme, _peer));

    [Fact]
    public void Count_MoreAddressesThanTheTableHas_ShareABucketUntilOthersAreFull()
    {
        var rates = Rates(60);
        for (var i = 0; i < 10_000; i++)
            rates.Count(Caller.Anonymous, Address(i));

        Assert.Equal(10, Enumerable.Range(10_000, 20).Sum(i => TryOnce(rates, Address(i)) ? 1 : 0));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(10, Taken(rates, Caller.Anonymous, Address(20_000)));
    }

    private RequestRates Rates(int perMinute) => new(new ServiceOptions { Grpc = ListenAddress.AnyLoopback, RequestsPerMinute = perMinute }, _time);

    private static IPAddress Address(int i) => new([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]);

    private static bool TryOnce(RequestRates rates, IPAddress peer) => Taken(rates, Caller.Anonymous, peer, 1) == 1;

    private static int Taken(RequestRates rates, Caller caller, IPAddress peer, int most = 1000)
    {
        for (var i = 0; i < most; i++)
        {
            try
            {
                rates.Count(caller, peer);
            }
            catch (RpcException e)
            {
                Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
                return i;
            }
        }

        return most;
    }
}
