using Google.Protobuf.Reflection;

namespace Grpc.AspNetCore.Server.Reflection.Internal;

/// <summary>Files by name, by the symbols and by the extensions that they declare.</summary>
internal sealed class DescriptorIndex
{
    private readonly Dictionary<string, FileDescriptor> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedDictionary<int, FileDescriptor>> _extensions = new(StringComparer.Ordinal);

    /// <summary>Indexes these files and all that they import.</summary>
    public DescriptorIndex(IEnumerable<FileDescriptor> files)
    {
        foreach (var file in files)
        {
            Add(file);
        }
    }

    public FileDescriptor? File(string name) => _files.GetValueOrDefault(name);

    public FileDescriptor? FileOfSymbol(string fullName) => _symbols.GetValueOrDefault(fullName);

    public FileDescriptor? FileOfExtension(string messageType, int number) =>
        _extensions.GetValueOrDefault(messageType)?.GetValueOrDefault(number);

    /// <summary>The extensions' numbers, in order; null if there is no such message.</summary>
    public IReadOnlyCollection<int>? ExtensionNumbers(string messageType) =>
        _extensions.GetValueOrDefault(messageType)?.Keys;

    private void Add(FileDescriptor file)
    {
        if (!_files.TryAdd(file.Name, file))
        {
            return;
        }

        foreach (var import in file.Dependencies)
        {
            Add(import);
        }

        foreach (var service in file.Services)
        {
            AddSymbols([service, .. service.Methods]);
        }

        AddSymbols(file.EnumTypes);
        AddExtensions(file.Extensions);
        foreach (var message in file.MessageTypes)
        {
            Add(message);
        }
    }

    private void Add(MessageDescriptor message)
    {
        AddSymbols([message, .. message.EnumTypes]);
        _extensions.TryAdd(message.FullName, []);
        AddExtensions(message.Extensions);
        foreach (var nested in message.NestedTypes)
        {
            Add(nested);
        }
    }

    private void AddSymbols(IEnumerable<IDescriptor> descriptors)
    {
        foreach (var descriptor in descriptors)
        {
            _symbols[descriptor.FullName] = descriptor.File;
        }
    }

    private void AddExtensions(ExtensionCollection extensions)
    {
        foreach (var extension in extensions.UnorderedExtensions)
        {
            _symbols[extension.FullName] = extension.File;
            _extensions.TryAdd(extension.ExtendeeType.FullName, []);
            _extensions[extension.ExtendeeType.FullName][extension.FieldNumber] = extension.File;
        }
    }
}
