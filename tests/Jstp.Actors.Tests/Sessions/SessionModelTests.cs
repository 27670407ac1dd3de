using System.Text;
using Jstp.Actors.Sessions;

namespace Jstp.Actors.Tests.Sessions;

/// <summary>One <see cref="Session"/> against a model that is too simple to be wrong: a list of what the client is owed.</summary>
public sealed class SessionModelTests
{
    [Fact]
    public void Session_RandomHistory_OwesWhatTheModelOwes()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var session = new Session("id", "app", null, new SessionData());
            List<long> owed = [];
            Dictionary<long, PendingRequest> calls = [];
            long last = 0;
            long delivered = 0;

            for (int step = 0; step < 100; step++)
            {
                switch (random.Next(6))
                {
                    case 0 or 1:
                        owed.Add(++last);
                        Assert.Equal(last, session.Append(OutgoingKind.Event, ",'i'],e:[]}"u8.ToArray()).Magnitude);
                        break;
                    case 2:
                        owed.Add(++last);
                        var request = new PendingRequest();
                        session.Requests.Add(session.Append(OutgoingKind.Call, ",'i'],m:[]}"u8.ToArray()).Magnitude, request);
                        calls.Add(last, request);
                        break;
                    case 3:
                        Assert.Equal(++last, session.NextMagnitude()); // a ping
                        break;
                    case 4:
                        long id = random.NextInt64(-last - 3, 4);
                        bool wasIssued = id < 0 && -id <= last;
                        Assert.Equal(wasIssued ? -id : 0, session.Acknowledge(id));
                        delivered = wasIssued ? Math.Max(delivered, -id) : delivered;
                        break;
                    case 5:
                        long count = random.NextInt64(0, last + 4);
                        session.Restore(count);
                        delivered = Math.Max(delivered, Math.Min(count, last));
                        Assert.All(calls, call => Assert.Equal(call.Key <= delivered, call.Value.Answer.IsFaulted));
                        break;
                }

                if (random.Next(10) == 0)
                {
                    session = AfterARestart(session, calls);
                }

                owed.RemoveAll(magnitude => magnitude <= delivered);
                Assert.Equal(owed, session.Buffer.Messages.Select(static message => message.Magnitude));
                Assert.Equal((last, delivered), (session.LastMagnitude, session.DeliveredCount));
                Assert.Equal(owed.Count, session.Buffer.Count);
                Assert.Equal(session.Buffer.Messages.Sum(static message => (long)message.Tail.Length), session.Buffer.Length);
            }
        }
    }

    private static Session AfterARestart(Session session, Dictionary<long, PendingRequest> calls)
    {
        string text = session.Export().ToString();
        var revived = new Session(SessionSnapshot.Parse(text));
        calls.Clear(); // D17: they died with the process

        Assert.Equal(text, revived.Export().ToString());
        Assert.Equal(session.Buffer.Messages.Select(Text), revived.Buffer.Messages.Select(Text));

        return revived;
    }

    private static string Text(OutgoingMessage message)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        message.WriteTo(output);

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
