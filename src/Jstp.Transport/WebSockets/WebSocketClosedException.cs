namespace Jstp.Transport.WebSockets;

/// <summary>The connection ended under an operation.</summary>
public sealed class WebSocketClosedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="closeInfo">How the connection ended.</param>
    public WebSocketClosedException(WebSocketCloseInfo closeInfo)
        : base($"The connection ended with {(int)(closeInfo ?? throw new ArgumentNullException(nameof(closeInfo))).Code}.", closeInfo.Exception)
        => CloseInfo = closeInfo;

    /// <summary>How the connection ended.</summary>
    public WebSocketCloseInfo CloseInfo { get; }
}
