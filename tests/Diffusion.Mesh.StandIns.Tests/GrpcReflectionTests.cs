using Diffusion.Mesh.StandIns.Tests.Protos;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using Xunit;

namespace Diffusion.Mesh.StandIns.Tests;

/// <summary>Asks both versions with the messages of v1, for they are the same on the wire.</summary>
public sealed class GrpcReflectionTests
{
    private const string V1 = "grpc.reflection.v1.ServerReflection";
    private const string V1Alpha = "grpc.reflection.v1alpha.ServerReflection";
    private const string Package = "diffusion.mesh.standins.tests.";

    public static TheoryData<string> Versions => [V1, V1Alpha];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task ListServices_Always_NamesEveryMappedService(string version)
    {
        var response = await AskAsync(version, new ServerReflectionRequest { ListServices = "*" });

        Assert.Equal(
            [Package + "Echo", "grpc.health.v1.Health", V1, V1Alpha],
            response.ListServicesResponse.Service.Select(service => service.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task FileByFilename_KnownFile_ComesWithImports(string version)
    {
        var response = await AskAsync(version, new ServerReflectionRequest { FileByFilename = "grpc_echo.proto" });

        Assert.Equal(["grpc_echo.proto", "grpc_extensible.proto"], FileNames(response));
    }

    [Theory]
    [InlineData("Echo")]
    [InlineData("Echo.Chat")]
    [InlineData("EchoMessage")]
    public async Task FileContainingSymbol_KnownSymbol_IsItsFile(string symbol)
    {
        var response = await AskAsync(V1, new ServerReflectionRequest { FileContainingSymbol = Package + symbol });

        Assert.Equal("grpc_echo.proto", FileNames(response).First());
    }

    [Fact]
    public async Task FileContainingExtension_KnownExtension_IsItsFile()
    {
        var extension = new ExtensionRequest { ContainingType = Package + "Extensible", ExtensionNumber = 101 };

        var response = await AskAsync(V1Alpha, new ServerReflectionRequest { FileContainingExtension = extension });

        Assert.Equal(["grpc_extensible.proto"], FileNames(response));
    }

    [Fact]
    public async Task AllExtensionNumbers_KnownType_AreSorted()
    {
        var response = await AskAsync(V1, new ServerReflectionRequest { AllExtensionNumbersOfType = Package + "Extensible" });

        Assert.Equal(Extensible.Descriptor.FullName, response.AllExtensionNumbersResponse.BaseTypeName);
        Assert.Equal([101, 102], response.AllExtensionNumbersResponse.ExtensionNumber);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Requests_UnknownThings_AnswerNotFound(string version)
    {
        var unknown = new ExtensionRequest { ContainingType = Package + "Extensible", ExtensionNumber = 199 };
        foreach (var request in new ServerReflectionRequest[]
        {
            new() { FileByFilename = "none.proto" },
            new() { FileContainingSymbol = Package + "None" },
            new() { FileContainingExtension = unknown },
            new() { AllExtensionNumbersOfType = Package + "None" },
        })
        {
            var response = await AskAsync(version, request);

            Assert.Equal((int)StatusCode.NotFound, response.ErrorResponse.ErrorCode);
            Assert.Equal(request, response.OriginalRequest);
        }
    }

    private static IEnumerable<string> FileNames(ServerReflectionResponse response) =>
        response.FileDescriptorResponse.FileDescriptorProto.Select(file => FileDescriptorProto.Parser.ParseFrom(file).Name);

    private static async Task<ServerReflectionResponse> AskAsync(string version, ServerReflectionRequest request)
    {
        await using var server = await GrpcTestServer.StartAsync();
        var method = new Method<ServerReflectionRequest, ServerReflectionResponse>(
            MethodType.DuplexStreaming,
            version,
            "ServerReflectionInfo",
            Marshallers.Create(message => message.ToByteArray(), ServerReflectionRequest.Parser.ParseFrom),
            Marshallers.Create(message => message.ToByteArray(), ServerReflectionResponse.Parser.ParseFrom));
        using var call = server.Channel.CreateCallInvoker().AsyncDuplexStreamingCall(method, null, new CallOptions());
        await call.RequestStream.WriteAsync(request);
        Assert.True(await call.ResponseStream.MoveNext());
        var response = call.ResponseStream.Current;
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        return response;
    }
}
