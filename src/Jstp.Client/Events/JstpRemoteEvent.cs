using Jstp.Transport.Mdsf;

namespace Jstp.Client.Events;

/// <summary>An event that the server has sent.</summary>
/// <param name="InterfaceName">The interface.</param>
/// <param name="Name">The event.</param>
/// <param name="Arguments">The arguments.</param>
public sealed record JstpRemoteEvent(string InterfaceName, string Name, IReadOnlyList<MdsfValue> Arguments);
