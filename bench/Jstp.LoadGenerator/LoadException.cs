namespace Jstp.LoadGenerator;

/// <summary>The run cannot go on: the server or the command line is at fault, and the message says how.</summary>
internal sealed class LoadException(string message, Exception? cause = null) : Exception(message, cause);
