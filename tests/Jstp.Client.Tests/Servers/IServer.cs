namespace Jstp.Client.Tests.Servers;

/// <summary>A server of the conformance application (docs/spec/conformance-app.md).</summary>
public interface IServer : IAsyncLifetime
{
    /// <summary>Where it listens, over WebSocket.</summary>
    Uri Url { get; }
}
