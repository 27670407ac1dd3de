using System.Net.WebSockets;

namespace Jstp.Transport.WebSockets;

/// <summary>How a connection ended (specification page, section 6).</summary>
/// <param name="Code">
/// The code to report: our own when we closed first, otherwise the peer's; 1005 (<see cref="WebSocketCloseStatus.Empty"/>) when the peer's Close
/// named none, 1006 (<see cref="CloseCode.Abnormal"/>) when there was no Close.
/// </param>
/// <param name="Description">The text that belongs to <paramref name="Code"/>; empty when there is none.</param>
/// <param name="WasClean">Whether both Close frames were exchanged and no rule was broken.</param>
/// <param name="PeerCloseCode">What the peer's Close said, were it illegal; <see langword="null"/> when none came or it was empty.</param>
/// <param name="Exception">The transport's error, when one ended the connection.</param>
public sealed record WebSocketCloseInfo(
    WebSocketCloseStatus Code,
    string Description,
    bool WasClean,
    WebSocketCloseStatus? PeerCloseCode = null,
    Exception? Exception = null);
