namespace Jstp.Client.Channels;

/// <summary>The subprotocol of JSTP over WebSocket (protocol page, section 1).</summary>
internal static class JstpSubprotocol
{
    public const string Name = "metarhia-jstp";
}
