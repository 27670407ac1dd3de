namespace Jstp.Client;

/// <summary>What a connection does when the server refuses to restore its session (error 11): the session is gone, or belongs to another application.</summary>
public enum RefusedSessionAction : byte
{
    /// <summary>It closes for good; calls without an answer fail with <see cref="Transport.Protocol.JstpErrorCode.CallbackLost"/>.</summary>
    Close,

    /// <summary>It goes on trying the same session, as the reference client does.</summary>
    Retry,

    /// <summary>
    /// It opens a new session by its connect policy. Calls without an answer fail with <see cref="Transport.Protocol.JstpErrorCode.CallbackLost"/>, and events that
    /// the server may not have are dropped.
    /// </summary>
    Replace,
}
