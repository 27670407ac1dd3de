using Jstp.Transport.Channels;

namespace Jstp.Client.Connections;

/// <summary>How a link came to its end.</summary>
/// <param name="Error">What went wrong; null if either side ended it in order.</param>
/// <param name="Reason">What to tell the server, if the transport still works.</param>
/// <param name="IsCut">Whether the transport is gone, so that nothing can be told.</param>
internal sealed record LinkEnd(Exception? Error, ChannelClose Reason = ChannelClose.Normal, bool IsCut = false);
