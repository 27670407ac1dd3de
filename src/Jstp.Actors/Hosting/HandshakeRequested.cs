using System.Net;

namespace Jstp.Actors.Hosting;

/// <summary>A client has asked for an application; nothing is decided yet.</summary>
/// <param name="Application">The name that it gave; null when that was none or too long to be known.</param>
/// <param name="Strategy">The name of the strategy; null when it was too long to be known.</param>
/// <param name="RemoteEndPoint">The client's address, null where the transport has none.</param>
public sealed record HandshakeRequested(string? Application, string? Strategy, EndPoint? RemoteEndPoint);
