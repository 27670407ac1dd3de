namespace Jstp.Actors.Connections;

/// <summary>The session has expired, was ended, or moved away: what was to be sent can never arrive.</summary>
public sealed class JstpSessionEndedException : InvalidOperationException
{
    /// <summary>Makes the exception.</summary>
    public JstpSessionEndedException()
        : base("The session of this connection is over.")
    {
    }

    /// <summary>Makes the exception with a message.</summary>
    public JstpSessionEndedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a message and a cause.</summary>
    public JstpSessionEndedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
