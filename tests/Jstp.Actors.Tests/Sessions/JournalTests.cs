using Jstp.Actors.Persistence;
using Jstp.Actors.Sessions;

namespace Jstp.Actors.Tests.Sessions;

public sealed class JournalTests
{
    private readonly Journal _journal = new();
    private readonly List<JournalMessage> _told = [];

    [Fact]
    public void SetWriter_SessionsWaitAlready_IsToldAtOnce()
    {
        _journal.Enqueue(CreateTracker());

        _journal.SetWriter(_told.Add);

        Assert.IsType<JournalMessage.Due>(Assert.Single(_told));
    }

    [Fact]
    public void Enqueue_SeveralSessions_TellsOnce()
    {
        _journal.SetWriter(_told.Add);

        _journal.Enqueue(CreateTracker());
        _journal.Enqueue(CreateTracker());

        Assert.IsType<JournalMessage.Changed>(Assert.Single(_told));
        Assert.Equal(2, _journal.Count);
    }

    private SessionTracker CreateTracker()
    {
        var session = new Session(SessionId.Create(), "app", userName: null, new SessionData());

        return new SessionTracker(_journal, key: 1, session, new SessionCreation(session.Id, "app", UserName: null, Owner: 1));
    }
}
