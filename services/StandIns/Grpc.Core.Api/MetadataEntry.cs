using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>One immutable header: a lower-case key with a text or, if the key ends in <c>-bin</c>, a binary value.</summary>
    public class Entry
    {
        private readonly string? _value;
        private readonly byte[] _bytes = [];

        /// <summary>Makes a binary entry.</summary>
        /// <exception cref="ArgumentException">The key is invalid or lacks the suffix <c>-bin</c>.</exception>
        public Entry(string key, byte[] valueBytes)
        {
            Key = Normalize(key);
            if (!HasBinarySuffix(Key))
            {
                throw new ArgumentException(
                    $"Key for binary valued metadata entry needs to have '{BinaryHeaderSuffix}' suffix indicating binary value.");
            }

            ArgumentNullException.ThrowIfNull(valueBytes);
            _bytes = [.. valueBytes];
        }

        /// <summary>Makes a text entry; only ASCII travels.</summary>
        /// <exception cref="ArgumentException">The key is invalid or has the suffix <c>-bin</c>.</exception>
        public Entry(string key, string value)
        {
            Key = Normalize(key);
            if (HasBinarySuffix(Key))
            {
                throw new ArgumentException("Key for ASCII valued metadata entry cannot have suffix indicating binary value.");
            }

            ArgumentNullException.ThrowIfNull(value);
            _value = value;
        }

        /// <summary>The key, in lower case.</summary>
        public string Key { get; }

        /// <summary>Whether the value is binary.</summary>
        public bool IsBinary => _value is null;

        /// <summary>The text.</summary>
        /// <exception cref="InvalidOperationException">The entry is binary.</exception>
        public string Value =>
            _value ?? throw new InvalidOperationException("Cannot access string value of a binary metadata entry");

        /// <summary>A copy of the bytes; for text, its ASCII bytes.</summary>
        public byte[] ValueBytes => _value is null ? [.. _bytes] : Encoding.ASCII.GetBytes(_value);

        /// <inheritdoc/>
        public override string ToString() =>
            IsBinary ? $"[Entry: key={Key}, valueBytes={_bytes}]" : $"[Entry: key={Key}, value={_value}]";

        internal bool HasKey(string key) => string.Equals(Key, key, StringComparison.OrdinalIgnoreCase);

        private static bool HasBinarySuffix(string key) => key.EndsWith(BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase);

        private static string Normalize(string key)
        {
            ArgumentNullException.ThrowIfNull(key);
            return key.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
                ? key.ToLowerInvariant()
                : throw new ArgumentException("Metadata entry key not valid. " +
                    "Keys can only contain lowercase alphanumeric characters, underscores, hyphens and dots.");
        }
    }
}
