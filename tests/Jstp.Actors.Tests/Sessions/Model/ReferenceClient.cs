using System.Globalization;
using System.Text.RegularExpressions;
using Jstp.TestKit.Server;

namespace Jstp.Actors.Tests.Sessions.Model;

/// <summary>
/// Does what the reference client does with its calls, line by line of its session.js and connection.js (protocol page, sections 3, 10 and 12): what it keeps, what
/// it gives up, what it sends again. It reads only when it is told to, and what it sends can be lost on the way.
/// </summary>
internal sealed partial class ReferenceClient
{
    private readonly SortedDictionary<long, string> _buffer = [];
    private readonly Dictionary<long, int> _pending = []; // the number that each call has as its argument
    private JstpPeer _peer = null!;
    private string _sessionId = "";
    private long _nextId = 1;
    private long _guaranteed;
    private long _received;
    private bool _isDeaf; // the network is gone, though neither side knows

    /// <summary>The numbers of the calls that were answered, with the outcome: the answer's number, or null where it gave the call up.</summary>
    public List<(int Number, int? Outcome)> Outcomes { get; } = [];

    public int PendingCount => _pending.Count;

    public async Task OpenAsync(JstpTestServer server)
    {
        _peer = await server.ConnectAsync();
        _sessionId = _peer.SessionId;
    }

    public void Call(string method, int number)
    {
        _pending.Add(_nextId, number);
        Request($"call:[{_nextId},'i'],{method}:[{number}]");
    }

    public void Emit(string name, int number) => Request($"event:[{_nextId},'i'],{name}:[{number}]");

    public void Ping() => Request($"ping:[{_nextId}]");

    /// <summary>From here on nothing arrives, either way.</summary>
    public void GoDeaf() => _isDeaf = true;

    /// <summary>Handles the next messages that have come.</summary>
    public void Read(int count)
    {
        while (count-- > 0 && !_isDeaf && _peer.TakeNow() is { } text)
        {
            Handle(text);
        }
    }

    /// <summary>Comes back over a new connection.</summary>
    public async Task ReconnectAsync(JstpTestServer server)
    {
        _peer.Lose();
        _isDeaf = false;
        _peer = server.Open();
        _peer.Send($"{{handshake:[0,'app'],session:['{_sessionId}',{_received}]}}");
        Match answer = HandshakeAnswer().Match(await _peer.ReceiveAsync());
        Assert.True(answer.Success);
        long count = long.Parse(answer.Groups["count"].Value, CultureInfo.InvariantCulture);

        for (long id = _guaranteed + 1; id <= count; id++)
        {
            _buffer.Remove(id);
            Complete(id, outcome: null);
        }

        _guaranteed = count;
        _peer.Send(_buffer.Values);
    }

    private void Request(string body)
    {
        string text = $"{{{body}}}";
        _buffer.Add(_nextId++, text);
        Send(text);
    }

    private void Send(string text)
    {
        if (!_isDeaf)
        {
            _peer.Send(text);
        }
    }

    private void Handle(string text)
    {
        Match message = Message().Match(text);
        Assert.True(message.Success, $"Nobody sends '{text}'.");
        long id = long.Parse(message.Groups["id"].Value, CultureInfo.InvariantCulture);

        switch (message.Groups["kind"].Value)
        {
            case "callback":
                Acknowledge(id);
                Complete(id, int.Parse(message.Groups["value"].Value, CultureInfo.InvariantCulture));
                break;
            case "pong":
                Acknowledge(id);
                break;
            case "ping":
                _received = -id;
                Send($"{{pong:[{id}]}}");
                break;
            default:
                _received = -id;
                break;
        }
    }

    private void Acknowledge(long id)
    {
        for (long known = _guaranteed + 1; known <= id; known++)
        {
            _buffer.Remove(known);
        }

        _guaranteed = id;
    }

    private void Complete(long id, int? outcome)
    {
        if (_pending.Remove(id, out int number))
        {
            Outcomes.Add((number, outcome));
        }
    }

    [GeneratedRegex(@"^\{handshake:\[0\],ok:(?<count>\d+)\}$")]
    private static partial Regex HandshakeAnswer();

    [GeneratedRegex(@"^\{(?<kind>callback|ping|pong|event):\[(?<id>-?\d+)(,'i')?\](,\w+:\[(?<value>-?\d*)\])?\}$")]
    private static partial Regex Message();
}
