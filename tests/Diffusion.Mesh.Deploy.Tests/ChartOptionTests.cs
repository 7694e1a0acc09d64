using System.CommandLine;
using System.Text.Json.Nodes;
using Diffusion.Mesh.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Diffusion.Mesh.Deploy.Tests;

/// <summary>The chart's options are the services'.</summary>
public sealed class ChartOptionTests
{
    // What the chart sets by itself, from other values.
    private static readonly string[] _ofTheChart =
    [
        "grpc", "health", "http", "scaler", "models", "model", "name", "drain", "keys", "anonymous", "text-encoder", "unet", "vae",
        "redis", "cache-redis", "redis-tls", "redis-password-file", "redis-ca",
        "tls-certificate", "tls-key", "tls-ca", "public-tls-certificate", "public-tls-key",
    ];

    [Fact]
    public void Schema_Options_AreThoseOfTheServices()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(DeployFolders.Chart, "values.schema.json")))!;
        var options = schema["definitions"]!["component"]!["properties"]!["options"]!["properties"]!.AsObject().Select(p => p.Key).ToArray();
        var command = new Command("serve");
        new ServiceCommandLine(new AnyRole()).AddTo(command);
        var real = command.Options.Select(o => o.Name.TrimStart('-')).ToArray();

        Assert.Equal(real.Except(_ofTheChart).Order(), options.Order());
    }

    private sealed class AnyRole : ServiceRole
    {
        public override string Name => "any";

        public override string Description => "";

        public override int DefaultPort => 7400;

        public override string SourceName => "any";

        public override string GrpcService => "any";

        public override void AddServices(WebApplicationBuilder builder, ServiceOptions options)
        {
        }

        public override void Map(IEndpointRouteBuilder endpoints)
        {
        }
    }
}
