namespace Jstp.Client.Reconnection;

/// <summary>An attempt to reconnect that is about to be made.</summary>
/// <param name="Number">Its number since the connection was lost, from 1.</param>
/// <param name="Error">Why the attempt before has failed, or for the first why the connection was lost; null if the server has closed it in order.</param>
public sealed record JstpReconnectAttempt(int Number, Exception? Error);
