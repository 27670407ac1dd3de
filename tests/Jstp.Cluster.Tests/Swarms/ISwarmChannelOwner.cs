namespace Jstp.Cluster.Tests.Swarms;

/// <summary>What a <see cref="SwarmChannel"/> tells the session that uses it.</summary>
internal interface ISwarmChannelOwner
{
    /// <summary>The WebSocket is open.</summary>
    void OnOpened();

    /// <summary>A message has arrived; its memory is valid until the method returns.</summary>
    void OnMessage(ReadOnlyMemory<byte> text);

    /// <summary>The connection has ended, or never came about. Not told to whoever ended it.</summary>
    /// <param name="closeCode">The code of the server's Close frame; null without one.</param>
    void OnEnded(int? closeCode);
}
