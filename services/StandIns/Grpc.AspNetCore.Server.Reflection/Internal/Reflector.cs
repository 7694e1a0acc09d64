using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using static Grpc.Reflection.V1.ServerReflectionRequest;

namespace Grpc.AspNetCore.Server.Reflection.Internal;

/// <summary>Answers the questions of the reflection protocol about the mapped services.</summary>
internal sealed class Reflector
{
    private readonly IReadOnlyList<ServiceDescriptor> _services;
    private readonly DescriptorIndex _index;

    public Reflector(MappedServices mapped)
    {
        _services = mapped.Find();
        _index = new DescriptorIndex(_services.Select(service => service.File));
    }

    public ServerReflectionResponse Answer(ServerReflectionRequest request)
    {
        var response = request.MessageRequestCase switch
        {
            MessageRequestOneofCase.ListServices => ListServices(),
            MessageRequestOneofCase.FileByFilename => Files(_index.File(request.FileByFilename), "File"),
            MessageRequestOneofCase.FileContainingSymbol => Files(_index.FileOfSymbol(request.FileContainingSymbol), "Symbol"),
            MessageRequestOneofCase.FileContainingExtension => Files(
                _index.FileOfExtension(
                    request.FileContainingExtension.ContainingType, request.FileContainingExtension.ExtensionNumber),
                "Extension"),
            MessageRequestOneofCase.AllExtensionNumbersOfType => ExtensionNumbers(request.AllExtensionNumbersOfType),
            _ => Error(StatusCode.Unimplemented, "Unknown kind of request."),
        };
        response.ValidHost = request.Host;
        response.OriginalRequest = request;
        return response;
    }

    private static ServerReflectionResponse Files(FileDescriptor? file, string sought)
    {
        if (file is null)
        {
            return Error(StatusCode.NotFound, $"{sought} not found.");
        }

        var files = new List<FileDescriptor>();
        AddWithImports(file, files);
        return new() { FileDescriptorResponse = new() { FileDescriptorProto = { files.Select(f => f.SerializedData) } } };
    }

    private static void AddWithImports(FileDescriptor file, List<FileDescriptor> files)
    {
        if (files.Contains(file))
        {
            return;
        }

        files.Add(file);
        foreach (var import in file.Dependencies)
        {
            AddWithImports(import, files);
        }
    }

    private static ServerReflectionResponse Error(StatusCode code, string message) =>
        new() { ErrorResponse = new() { ErrorCode = (int)code, ErrorMessage = message } };

    private ServerReflectionResponse ListServices()
    {
        var services = _services.Select(service => new ServiceResponse { Name = service.FullName });
        return new() { ListServicesResponse = new() { Service = { services } } };
    }

    private ServerReflectionResponse ExtensionNumbers(string messageType) =>
        _index.ExtensionNumbers(messageType) is { } numbers
            ? new() { AllExtensionNumbersResponse = new() { BaseTypeName = messageType, ExtensionNumber = { numbers } } }
            : Error(StatusCode.NotFound, "Type not found.");
}
