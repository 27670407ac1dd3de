namespace Jstp.Client;

/// <summary>The connection has ended for good; nothing can be sent over it.</summary>
/// <param name="cause">Why it ended; null if the program has closed it.</param>
public sealed class JstpConnectionClosedException(Exception? cause) : InvalidOperationException("The connection is closed.", cause);
