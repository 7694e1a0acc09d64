using Grpc.Core;

namespace Diffusion.Mesh.Hosting;

/// <summary>Learns how each call to this service ended, whatever ended it: an identity that is missing, a message that is too large, or the method.</summary>
public interface ICallObserver
{
    /// <summary>A call ended.</summary>
    void Ended(ServerCallContext context, StatusCode code);
}
