namespace Jstp.Host;

/// <summary>The node cannot start as it is configured.</summary>
public sealed class StartException : Exception
{
    /// <summary>Makes the exception.</summary>
    public StartException()
    {
    }

    /// <summary>Makes the exception with a message, which names the configuration key.</summary>
    public StartException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a message, which names the configuration key, and a cause.</summary>
    public StartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
