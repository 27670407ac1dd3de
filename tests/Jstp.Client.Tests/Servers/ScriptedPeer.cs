using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Jstp.TestKit;

namespace Jstp.Client.Tests.Servers;

/// <summary>One connection of a <see cref="ScriptedServer"/>.</summary>
internal sealed class ScriptedPeer(Socket socket) : IDisposable
{
    private readonly PipeReader _input = PipeReader.Create(new NetworkStream(socket));

    /// <summary>Sends messages.</summary>
    public async Task SendAsync(params IEnumerable<string> texts) => await socket.SendAsync(Encoding.UTF8.GetBytes(string.Concat(texts.Select(static text => text + "\0"))));

    /// <summary>Expects messages, in this order.</summary>
    public async Task ExpectAsync(params IEnumerable<string> texts)
    {
        foreach (string text in texts)
        {
            Assert.Equal(text, await ReceiveAsync());
        }
    }

    /// <summary>Expects the end of the connection.</summary>
    public async Task ExpectEndAsync() => Assert.Null(await ReceiveAsync());

    /// <summary>The next message; null if the connection has ended.</summary>
    public async Task<string?> ReceiveAsync()
    {
        while (true)
        {
            ReadResult result = await _input.ReadAsync().AsTask().WithinLimitAsync("a message of the client");

            if (result.Buffer.PositionOf((byte)0) is { } end)
            {
                string text = Encoding.UTF8.GetString(result.Buffer.Slice(0, end));
                _input.AdvanceTo(result.Buffer.GetPosition(1, end));

                return text;
            }

            _input.AdvanceTo(result.Buffer.Start, result.Buffer.End);

            if (result.IsCompleted)
            {
                return null;
            }
        }
    }

    /// <summary>Ends the connection in order.</summary>
    public void Dispose() => socket.Dispose();

    /// <summary>Ends the connection as a lost network does.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }
}
