using System.Net;
using Jstp.Actors.Hosting;
using Jstp.Transport.Channels;

namespace Jstp.Actors.Connections;

/// <summary>One way by which connections come to a server, which can be closed while the server and its other ways go on. Thread-safe.</summary>
internal sealed class Entrance(JstpServer server)
{
    private volatile bool _isClosed;

    public JstpServer Server { get; } = server;

    /// <summary>Whether connections are welcome.</summary>
    public bool IsOpen => !_isClosed && Server.IsWelcoming;

    /// <summary>Takes a place for a connection. <see cref="ServeAsync"/> gives it back when the connection has ended; whoever does not call that calls <see cref="Leave"/>.</summary>
    /// <returns>False if the way is closed, or a limit forbids it.</returns>
    public bool TryEnter(IPAddress? address) => IsOpen && Server.TryEnter(address);

    /// <summary>Gives back a place that was not used.</summary>
    public void Leave(IPAddress? address) => Server.Leave(address);

    /// <summary>Has a connection served that has a place. Completes when it has ended and nothing of it is in use.</summary>
    public Task ServeAsync(MessageChannel channel)
    {
        Task served = Server.ServeAsync(channel, this);

        if (_isClosed)
        {
            channel.Leave(ChannelClose.GoingAway); // it came while the way was being closed
        }

        return served;
    }

    /// <summary>Welcomes connections again.</summary>
    public void Open() => _isClosed = false;

    /// <summary>Welcomes no more connections, and ends those that there are with 1001; those that do not close in time are cut off.</summary>
    public async Task CloseAsync()
    {
        _isClosed = true;
        MessageChannel[] channels = Server.ChannelsOf(this);
        Task finished = Task.WhenAll(channels.Select(channel => channel.Finished));

        foreach (MessageChannel channel in channels)
        {
            channel.Leave(ChannelClose.GoingAway);
        }

        try
        {
            await finished.WaitAsync(Server.Options.CloseTimeout, Server.TimeProvider);
        }
        catch (TimeoutException)
        {
            MessageChannel[] left = [.. channels.Where(channel => !channel.Finished.IsCompleted)];
            Server.OnEndTimedOut(left.Length);

            foreach (MessageChannel channel in left)
            {
                channel.Cut();
            }

            await finished;
        }
    }
}
