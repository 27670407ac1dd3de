using Jstp.Actors.Persistence;
using Jstp.Actors.Sessions;

namespace Jstp.Actors.Tests.Sessions;

public sealed class SessionTrackerTests
{
    // A turn changes a value and then sends the event that tells of it. A write in between must not hold one without the other.
    [Fact]
    public void Cut_InTheMiddleOfATurn_HoldsTheValuesOfTheLastRecording()
    {
        var session = new Session("id", "app", userName: null, new SessionData());
        var tracker = new SessionTracker(new Journal(), key: 1, epoch: 1, session);
        session.Data["number"] = 1;
        tracker.Record(session);

        session.Data["number"] = 2;
        SessionChange? change = tracker.Cut(out _);

        Assert.Equal(1, change?.Data?["number"]);
        tracker.Record(session);
        Assert.Equal(2, tracker.Cut(out _)?.Data?["number"]);
        Assert.Null(tracker.Cut(out _));
    }
}
