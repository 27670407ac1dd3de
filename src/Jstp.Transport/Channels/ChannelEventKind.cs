namespace Jstp.Transport.Channels;

/// <summary>What a channel came upon in its input.</summary>
internal enum ChannelEventKind : byte
{
    /// <summary>Nothing more until further bytes arrive.</summary>
    None,

    /// <summary>A message.</summary>
    Message,

    /// <summary>The peer closes the connection in order.</summary>
    Closed,

    /// <summary>The peer broke a rule or a limit of the transport; it has been answered already.</summary>
    Failed,
}
