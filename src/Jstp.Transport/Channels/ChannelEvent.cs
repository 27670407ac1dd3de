namespace Jstp.Transport.Channels;

/// <summary>What came out of a channel's input.</summary>
/// <param name="Kind">Which it is.</param>
/// <param name="Text">The text of a message; valid until the next read or until the input is advanced.</param>
internal readonly record struct ChannelEvent(ChannelEventKind Kind, ReadOnlyMemory<byte> Text = default);
