using System.Threading.Channels;
using Jstp.TestKit;

namespace Jstp.Cli.Tests.Support;

/// <summary>Takes what happens in a server to the test that waits for it.</summary>
/// <param name="what">Names it, for the message of a test that waits in vain.</param>
internal sealed class TestQueue<T>(string what)
{
    private readonly Channel<T> _channel = Channel.CreateUnbounded<T>();

    public void Enqueue(T item) => _channel.Writer.TryWrite(item);

    public Task<T> NextAsync() => _channel.Reader.ReadAsync().AsTask().WithinLimitAsync(what);
}
