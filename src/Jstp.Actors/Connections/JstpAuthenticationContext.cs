using System.Net;
using Jstp.Actors.Applications;
using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Connections;

/// <summary>What a client brought to its handshake.</summary>
/// <param name="Application">The application and version that it will get.</param>
/// <param name="Strategy">The name of the strategy: <c>login</c>, or one of your own. The Java client gives the user name here (protocol page, 5.1).</param>
/// <param name="Credentials">Any value; <c>[user, password]</c> for <c>login</c> from the usual clients. Check its form: it is input from outside.</param>
/// <param name="RemoteEndPoint">The client's address, null where the transport has none.</param>
public sealed record JstpAuthenticationContext(JstpApplication Application, string Strategy, MdsfValue Credentials, EndPoint? RemoteEndPoint);
