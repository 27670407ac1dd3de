using Jstp.Actors.Connections;

namespace Jstp.Actors.Applications.Dispatch;

/// <summary>A call, or the handling of an event, that was not over when its turn ended.</summary>
/// <param name="Connection">Whose call it is.</param>
/// <param name="CallId">The id that the answer carries; null for an event, whose end is told with an empty answer.</param>
/// <param name="Generation">Which connection of the session it came over.</param>
internal sealed record CallTicket(JstpConnection Connection, long? CallId, int Generation);
