namespace Jstp.Actors.Persistence;

/// <summary>A session store cannot be reached, or fails.</summary>
public sealed class SessionStoreException : Exception
{
    /// <summary>Makes the exception.</summary>
    public SessionStoreException()
    {
    }

    /// <summary>Makes the exception with a message.</summary>
    public SessionStoreException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a message and a cause.</summary>
    public SessionStoreException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
