namespace Jstp.Client;

/// <summary>Too much waits for the server: the limits are <see cref="JstpClientOptions.MaxUnacknowledgedMessages"/>, <see cref="JstpClientOptions.MaxUnacknowledgedBytes"/> and <see cref="JstpClientOptions.MaxPendingCalls"/>.</summary>
/// <param name="message">What has reached which limit.</param>
public sealed class JstpBufferFullException(string message) : InvalidOperationException(message);
