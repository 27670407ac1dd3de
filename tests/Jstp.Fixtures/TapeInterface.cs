using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Jstp.Actors.Connections;
using Jstp.Transport.Mdsf;

namespace Jstp.Fixtures;

/// <summary>
/// A stream of numbered events for each session, which goes on where it was on whichever node the session lives: the last number is among the session's
/// own values, changed in the turn that sends the event, so that both are stored together or not at all.
/// </summary>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Methods of an interface class are instance methods.")]
public sealed class TapeInterface
{
    private const string Key = "tape";

    private readonly ConcurrentDictionary<JstpConnection, int> _whenGone = new();

    /// <summary>Sends the next events, and answers with the number of the last.</summary>
    public long More(JstpConnection connection, int count)
    {
        long last = 0;

        for (int i = 0; i < count; i++)
        {
            last = (long)connection.Data.Update(Key, static number => Read(number) + 1).AsNumber();
            connection.Emit(Key, "tick", last);
        }

        return last;
    }

    /// <summary>Sends events as soon as the client has gone, which therefore wait for it.</summary>
    public void WhenGone(JstpConnection connection, int count) => _whenGone[connection] = count;

    /// <summary>The number of the last event.</summary>
    public long Last(JstpConnection connection) => Read(connection.Data[Key]);

    /// <summary>Keeps a value in the session.</summary>
    public void Put(JstpConnection connection, string key, MdsfValue value) => connection.Data[key] = value;

    /// <summary>Reads a value of the session.</summary>
    public MdsfValue Get(JstpConnection connection, string key) => connection.Data[key];

    internal void OnGone(JstpConnection connection)
    {
        if (_whenGone.TryRemove(connection, out int count))
        {
            More(connection, count);
        }
    }

    private static long Read(MdsfValue number) => number.Kind == MdsfValueKind.Number ? (long)number.AsNumber() : 0;
}
