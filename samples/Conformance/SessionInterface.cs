using System.Diagnostics.CodeAnalysis;
using Jstp.Actors.Connections;
using Jstp.Transport.Mdsf;

namespace Jstp.Samples.Conformance;

/// <summary>Shows what belongs to a session.</summary>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Methods of an interface class are instance methods.")]
public sealed class SessionInterface
{
    private const string Counter = "conformance.count";

    public string? Username(JstpConnection connection) => connection.UserName;

    public void Set(JstpConnection connection, string key, MdsfValue value) => connection.Data["user." + key] = value;

    public MdsfValue Get(JstpConnection connection, string key) => connection.Data["user." + key];

    public MdsfValue Count(JstpConnection connection) =>
        connection.Data.Update(Counter, static count => count.Kind == MdsfValueKind.Number ? count.AsNumber() + 1 : 1);

    public void Drop(JstpConnection connection) => connection.Abort();

    public string Node(JstpConnection connection) => connection.Server.Node;
}
