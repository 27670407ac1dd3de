using System.Diagnostics;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Cluster.Tests.Swarms;

// What the server's answers and events mean for the session.
internal sealed partial class SwarmSession
{
    private void OnHandshakeAnswer(in JstpMessage message)
    {
        MdsfValue value = MdsfValue.Parse(message.Value.Span);

        if (message.Answer != JstpAnswer.Ok)
        {
            RefusalCount++;
            LastRefusal = (int)value.Elements[0].AsNumber();
            Cut();

            return;
        }

        _failedAttempts = 0;
        IsConnected = true;

        if (Id is null)
        {
            Id = value.AsString();
        }
        else
        {
            Restore((long)value.AsNumber());
            Outages.Add(new Outage(_lostAt, _firstAttemptAt, Stopwatch.GetTimestamp()));
        }
    }

    // Protocol page, 10.3 and 10.5.
    private void Restore(long serverCount)
    {
        ReopenedCount += _pending.Count;
        long[] lost = [.. _pending.Keys.Where(id => id > _guaranteedId && id <= serverCount)];
        Acknowledge(serverCount);

        foreach ((_, byte[] text) in _buffer)
        {
            _channel!.Send(text);
        }

        foreach (long id in lost)
        {
            Complete(id, CallOutcome.Lost);
        }
    }

    private void OnAnswer(in JstpMessage message)
    {
        Acknowledge(message.Id);
        MdsfValue value = MdsfValue.Parse(message.Value.Span);
        Complete(message.Id, message.Answer == JstpAnswer.Ok ? new CallOutcome(null, value.Elements) : new CallOutcome((int)value.Elements[0].AsNumber(), []));
    }

    private void Acknowledge(long id)
    {
        _guaranteedId = id;

        while (_buffer.Count > 0 && _buffer.Peek().Id <= id)
        {
            _buffer.Dequeue();
        }
    }

    private void Complete(long id, CallOutcome outcome)
    {
        // A second answer to a call is none to the application.
        if (_pending.Remove(id, out Action<CallOutcome>? answered))
        {
            answered(outcome);
        }
    }

    private void OnEvent(in JstpMessage message)
    {
        var reader = new MdsfReader(message.Value.Span);
        reader.Read();
        reader.Read();

        if (!reader.TryGetInt64(out long number))
        {
            throw new InvalidOperationException("The first argument of an event is its number.");
        }

        string stream = reader.Read() && reader.TokenType == MdsfTokenType.String ? reader.GetString() : "tape";
        Events.Add(stream, number);
    }
}
