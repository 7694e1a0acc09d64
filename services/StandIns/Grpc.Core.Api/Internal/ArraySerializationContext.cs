using System.Buffers;

namespace Grpc.Core.Internal;

/// <summary>Lets a serializer that wants a context fill an array.</summary>
internal sealed class ArraySerializationContext : SerializationContext
{
    private readonly ArrayBufferWriter<byte> _writer = new();
    private byte[]? _payload;

    public static byte[] Serialize<T>(T message, Action<T, SerializationContext> serializer)
    {
        var context = new ArraySerializationContext();
        serializer(message, context);
        return context._payload ?? throw new InvalidOperationException("The serializer did not complete the context.");
    }

    public override void Complete(byte[] payload)
    {
        if (_payload is not null)
        {
            throw new InvalidOperationException("The context is completed already.");
        }

        _payload = payload;
    }

    public override IBufferWriter<byte> GetBufferWriter() => _writer;

    public override void Complete() => Complete(_writer.WrittenSpan.ToArray());
}
