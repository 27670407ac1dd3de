using Microsoft.Extensions.Logging;

namespace Jstp.Transport.WebSockets;

/// <summary>What the connections of a server share: one set of settings and what follows from it.</summary>
internal sealed class WebSocketServerContext
{
    public WebSocketServerContext(WebSocketServerOptions options, TimerWheel wheel, ILogger logger, TimeProvider timeProvider, WebSocketMetrics metrics)
    {
        Options = options;
        Wheel = wheel;
        Logger = logger;
        TimeProvider = timeProvider;
        Metrics = metrics;
        ProtocolOptions = options.ToProtocolOptions(timeProvider);
        FragmentLength = options.FragmentOutgoingMessages ? options.FragmentationThreshold : int.MaxValue;
        KeepAlive = options is { KeepAlive: true, UseTcpKeepAlive: false }
            ? new KeepAlivePolicy(options.KeepAliveInterval, options.DropOnKeepAliveTimeout ? options.KeepAliveGracePeriod : null, timeProvider)
            : null;
    }

    public WebSocketServerOptions Options { get; }

    public WebSocketProtocolOptions ProtocolOptions { get; }

    /// <summary>Bytes of payload per outgoing frame at most.</summary>
    public int FragmentLength { get; }

    /// <summary>When to ping; <see langword="null"/> is never.</summary>
    public KeepAlivePolicy? KeepAlive { get; }

    public TimerWheel Wheel { get; }

    public ILogger Logger { get; }

    public TimeProvider TimeProvider { get; }

    public WebSocketMetrics Metrics { get; }

    /// <summary>The same for other settings.</summary>
    public WebSocketServerContext With(WebSocketServerOptions options) => new(options, Wheel, Logger, TimeProvider, Metrics);
}
