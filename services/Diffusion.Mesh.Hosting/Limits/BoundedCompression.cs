using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;
using Microsoft.AspNetCore.Http;

namespace Diffusion.Mesh.Hosting;

/// <summary>A compression of gRPC whose messages are inflated to no more than their method's limit: a few bytes may stand for gigabytes.</summary>
internal sealed class BoundedCompression(ICompressionProvider inner, IHttpContextAccessor calls) : ICompressionProvider
{
    /// <inheritdoc/>
    public string EncodingName => inner.EncodingName;

    /// <inheritdoc/>
    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) => inner.CreateCompressionStream(stream, compressionLevel);

    /// <inheritdoc/>
    public Stream CreateDecompressionStream(Stream stream) =>
        new Bounded(inner.CreateDecompressionStream(stream), MessageLimits.For(calls.HttpContext?.Request.Path.Value ?? ""));

    private sealed class Bounded(Stream inner, long limit) : Stream
    {
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _read;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

        public override int Read(Span<byte> buffer) => Count(inner.Read(buffer));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();
            base.Dispose(disposing);
        }

        private int Count(int bytes)
        {
            _read += bytes;
            return _read <= limit
                ? bytes
                : throw new RpcException(new Status(StatusCode.ResourceExhausted, $"The request has more than the {limit} bytes that its method takes."));
        }
    }
}
