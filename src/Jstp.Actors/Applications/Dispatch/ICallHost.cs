namespace Jstp.Actors.Applications.Dispatch;

/// <summary>Where a dispatched call came from and its answer goes to. Called inside the turn of the connection only.</summary>
internal interface ICallHost
{
    /// <summary>Sends the answer of a call that is over already.</summary>
    void Answer(ReadOnlySpan<byte> text);

    /// <summary>Notes that a call, or the handling of an event, goes on after the turn; its end will come through the ticket.</summary>
    CallTicket Defer(long? callId);

    /// <summary>Reports an exception that a client may not see.</summary>
    void ReportFault(string interfaceName, string member, Exception exception);
}
