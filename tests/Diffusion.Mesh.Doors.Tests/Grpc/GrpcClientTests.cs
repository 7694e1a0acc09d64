namespace Diffusion.Mesh.Doors.Tests.Grpc;

/// <summary>What a client in Node gets of this server, whose developers have only the proto files, or not even these.</summary>
[Collection(DoorsCluster.Collection)]
public sealed class GrpcClientTests(GrpcClientRun run) : IClassFixture<GrpcClientRun>
{
    public static TheoryData<string> Scenarios => [.. GrpcClientRun.Scenarios];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Scenario(string name) => Assert.Equal("", run.Error(name));
}
