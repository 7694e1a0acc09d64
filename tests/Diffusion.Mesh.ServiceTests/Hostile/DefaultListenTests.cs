using System.CommandLine;
using System.Net;
using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.Orchestrator;
using Diffusion.Mesh.TextEncoder;
using Diffusion.Mesh.Unet;
using Diffusion.Mesh.Vae;

namespace Diffusion.Mesh.ServiceTests;

public sealed class DefaultListenTests
{
    [Fact]
    public void Options_NothingGiven_ListenOnLoopbackOnly()
    {
        foreach (var role in new ServiceRole[] { new OrchestratorRole(), new TextEncoderRole(), new UnetRole(), new VaeRole() })
        {
            var line = new ServiceCommandLine(role);
            var command = new Command("serve");
            line.AddTo(command);

            var options = line.Read(command.Parse([]));

            ListenAddress?[] addresses = [options.Grpc, options.Health, options.Http, options.Scaler];
            Assert.All(addresses.OfType<ListenAddress>(), a => Assert.True(IPAddress.IsLoopback(a.Host)));
            Assert.Null(options.Scaler);
        }
    }
}
