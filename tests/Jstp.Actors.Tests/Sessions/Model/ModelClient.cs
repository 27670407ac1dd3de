using System.Globalization;
using System.Text.RegularExpressions;
using Jstp.TestKit.Server;

namespace Jstp.Actors.Tests.Sessions.Model;

/// <summary>
/// A client as the protocol describes it (protocol page, section 10): counts what it receives, keeps what it sends until it is proved to have arrived, and sends
/// the rest again when it comes back. It reads only when it is told to.
/// </summary>
internal sealed partial class ModelClient
{
    private readonly List<Received> _log = [];
    private readonly List<(long Id, bool IsCall)> _unanswered = [];
    private readonly List<(long Id, string Text)> _buffer = [];
    private long _lastId;
    private long _lastMagnitude; // on this connection

    public JstpPeer? Peer { get; private set; }

    public string SessionId { get; private set; } = "";

    /// <summary>The events that it remembers, in the order of their arrival.</summary>
    public IEnumerable<int> Events => _log.Where(static received => received.Number > 0).Select(static received => received.Number);

    /// <summary>Those of them of which the server does not know that they have arrived.</summary>
    public IEnumerable<int> UnprovedEvents =>
        _log.Where(received => received.Number > 0 && received.Magnitude > Proved).Select(static received => received.Number);

    /// <summary>What it has to tell a server that it has received.</summary>
    public long Count => _log.Count == 0 ? 0 : _log[^1].Magnitude;

    /// <summary>The numbers that it has sent and not seen arrive.</summary>
    public IEnumerable<long> Unproved => _buffer.Select(static sent => sent.Id);

    /// <summary>Its calls that wait for an answer.</summary>
    public HashSet<long> Calling { get; } = [];

    /// <summary>Its calls that were answered with what they asked for.</summary>
    public HashSet<long> Answered { get; } = [];

    /// <summary>The magnitude up to which it has ever said to have everything.</summary>
    public long Proved { get; private set; }

    public bool HasUnanswered => _unanswered.Count > 0;

    public void Begin(JstpPeer peer)
    {
        Peer = peer;
        SessionId = peer.SessionId;
        _lastMagnitude = 0;
    }

    /// <summary>Goes on with another connection.</summary>
    public void GoOn(JstpPeer peer, long serverCount)
    {
        Peer = peer;
        _lastMagnitude = 0;
        _buffer.RemoveAll(sent => sent.Id <= serverCount);
        Calling.RemoveWhere(id => id <= serverCount); // protocol page, 10.5: lost
        peer.Send(_buffer.Select(static sent => sent.Text));
    }

    public void Lose()
    {
        Peer?.Lose();
        Peer = null;
    }

    /// <summary>Notes that the server may know from now on what has arrived.</summary>
    public void Prove() => Proved = Math.Max(Proved, Count);

    /// <summary>Forgets the last messages.</summary>
    public void Forget(int count)
    {
        _log.RemoveRange(_log.Count - Math.Min(count, _log.Count), Math.Min(count, _log.Count));
        _unanswered.RemoveAll(asked => _log.TrueForAll(received => received.Magnitude != asked.Id));
    }

    /// <summary>Sends an event or a call with its own id as argument; or a ping.</summary>
    /// <returns>The id.</returns>
    public long Send(StepKind kind)
    {
        long id = ++_lastId;
        string text = kind switch
        {
            StepKind.SendEvent => $"{{event:[{id},'m'],mark:[{id}]}}",
            StepKind.SendCall => $"{{call:[{id},'m'],mark:[{id}]}}",
            _ => $"{{ping:[{id}]}}",
        };

        _buffer.Add((id, text));

        if (kind == StepKind.SendCall)
        {
            Calling.Add(id);
        }

        Peer?.Send(text);

        return id;
    }

    /// <summary>Answers what was asked, oldest first.</summary>
    public void Answer(int count)
    {
        foreach ((long id, bool isCall) in _unanswered.Take(count).ToArray())
        {
            Peer!.Send(isCall ? $"{{callback:[-{id}],ok:[]}}" : $"{{pong:[-{id}]}}");
            Proved = Math.Max(Proved, id);
            _unanswered.RemoveAt(0);
        }
    }

    /// <summary>Reads what has come.</summary>
    public void Read()
    {
        while (Peer?.TakeNow() is { } text)
        {
            Take(text);
        }

        if (Peer is { HasEnded: true })
        {
            Peer = null;
        }
    }

    private void Take(string text)
    {
        Match match = Message().Match(text);
        Assert.True(match.Success, $"Nobody sends '{text}'.");
        long id = long.Parse(match.Groups["id"].Value, CultureInfo.InvariantCulture);

        switch (match.Groups["kind"].Value)
        {
            case "callback":
                Assert.True(Answered.Add(id), $"Call {id} was answered twice.");
                Assert.Equal($"{{callback:[{id}],ok:[{id}]}}", text);
                Assert.True(Calling.Remove(id), $"Call {id} was answered, though the server had said that it had received it before.");
                _buffer.RemoveAll(sent => sent.Id <= id);
                break;
            case "pong":
                _buffer.RemoveAll(sent => sent.Id <= id);
                break;
            case var kind:
                Assert.True(-id > _lastMagnitude, $"'{text}' came behind message {_lastMagnitude}.");
                _lastMagnitude = -id;
                _log.Add(new Received(-id, kind == "ping" ? 0 : int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture)));

                if (kind != "event")
                {
                    _unanswered.Add((-id, kind == "call"));
                }

                break;
        }
    }

    [GeneratedRegex(@"^\{(?<kind>event|call|ping|pong|callback):\[(?<id>-?\d+)(,'m')?\](,\w+:\[(?<number>-?\d*)\])?\}$")]
    private static partial Regex Message();

    private readonly record struct Received(long Magnitude, int Number); // 0 for pings
}
