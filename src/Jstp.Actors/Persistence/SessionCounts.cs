namespace Jstp.Actors.Persistence;

/// <summary>How far a session is (protocol page, 10.1). Each is 0 to 2^53.</summary>
/// <param name="Received">The number of the last message that was counted.</param>
/// <param name="Delivered">Up to which number the client is known to have everything.</param>
/// <param name="LastMagnitude">The highest number that was used for a message to the client.</param>
public readonly record struct SessionCounts(long Received, long Delivered, long LastMagnitude);
