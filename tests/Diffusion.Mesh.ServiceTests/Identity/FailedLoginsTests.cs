using System.Net;
using Diffusion.Mesh.Hosting;

namespace Diffusion.Mesh.ServiceTests;

public sealed class FailedLoginsTests
{
    private readonly ManualTime _time = new();
    private readonly FailedLogins _failures;

    public FailedLoginsTests() => _failures = new FailedLogins(_time);

    [Fact]
    public void IsOneTooMany_ManyOfOneAddress_UntilTheMinuteIsOver()
    {
        var peer = IPAddress.Parse("192.0.2.1");
        Fail(peer, FailedLogins.Tolerated);

        Assert.True(_failures.IsOneTooMany(peer));
        Assert.False(_failures.IsOneTooMany(IPAddress.Parse("192.0.2.2")));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(_failures.IsOneTooMany(peer));
    }

    [Fact]
    public void IsOneTooMany_AddressesOfOneIpv6Network_CountTogether()
    {
        for (var i = 0; i < FailedLogins.Tolerated; i++)
            Assert.False(_failures.IsOneTooMany(IPAddress.Parse($"2001:db8::{i:x}")));

        Assert.True(_failures.IsOneTooMany(IPAddress.Parse("2001:db8::ffff")));
        Assert.False(_failures.IsOneTooMany(IPAddress.Parse("2001:db8:0:1::1")));
    }

    [Fact]
    public void IsOneTooMany_MoreAddressesThanTheTableHas_ShareACount()
    {
        for (var i = 0; i < 5000; i++)
            _failures.IsOneTooMany(new IPAddress([10, 0, (byte)(i >> 8), (byte)i]));

        Assert.True(_failures.IsOneTooMany(IPAddress.Parse("192.0.2.1")));
    }

    private void Fail(IPAddress peer, int times)
    {
        for (var i = 0; i < times; i++)
            Assert.False(_failures.IsOneTooMany(peer));
    }
}
