using Diffusion.Mesh.Hosting;
using Diffusion.Mesh.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Diffusion.Mesh.Workers;

/// <summary>Whoever is refused because the worker is full learns its load with the refusal, and can tell when to come again.</summary>
internal sealed class FullInterceptor(IWorkerLoad load) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context);
        }
        catch (ServiceException e) when (e.Error == ServiceError.Full)
        {
            throw RichErrors.Full(e.Message, load.Read());
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (ServiceException e) when (e.Error == ServiceError.Full)
        {
            throw RichErrors.Full(e.Message, load.Read());
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (ServiceException e) when (e.Error == ServiceError.Full)
        {
            throw RichErrors.Full(e.Message, load.Read());
        }
    }
}
