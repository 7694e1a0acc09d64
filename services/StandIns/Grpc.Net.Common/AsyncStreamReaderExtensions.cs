using System.Runtime.CompilerServices;

namespace Grpc.Core;

/// <summary>Lets <c>await foreach</c> read a stream of messages.</summary>
public static class AsyncStreamReaderExtensions
{
    /// <summary>Every message that is still to come.</summary>
    public static IAsyncEnumerable<T> ReadAllAsync<T>(
        this IAsyncStreamReader<T> streamReader, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(streamReader);
        return ReadAllCoreAsync(streamReader, cancellationToken);
    }

    // Apart from the check above, which must fail at the call rather than at the first message.
    private static async IAsyncEnumerable<T> ReadAllCoreAsync<T>(
        IAsyncStreamReader<T> streamReader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await streamReader.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            yield return streamReader.Current;
        }
    }
}
