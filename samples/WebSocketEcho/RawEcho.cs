using System.Buffers;
using System.IO.Pipelines;
using Jstp.Transport.WebSockets;

namespace Jstp.Samples.WebSocketEcho;

/// <summary>The echo on the bare codec: what a read loop that owns its connection looks like, and the limit that benchmarks compare with.</summary>
internal sealed class RawEcho(EchoSettings settings)
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly WebSocketProtocolOptions _options = new()
    {
        MaxReceivedFrameSize = settings.MaxMessage,
        MaxReceivedMessageSize = settings.MaxMessage,
        MaxFragmentsPerMessage = null,
    };

    public async Task HandleAsync(HttpContext context)
    {
        if (!WebSocketHandshake.IsWebSocketRequest(context))
        {
            await WebSocketHandshake.RefuseAsync(context, StatusCodes.Status400BadRequest);
            return;
        }

        if (!WebSocketHandshake.TryRead(context, allowVersion8: true, out WebSocketHandshake? handshake, out WebSocketHandshakeError? error))
        {
            await WebSocketHandshake.RefuseAsync(context, error);
            return;
        }

        UpgradedConnection connection = await handshake.AcceptAsync(handshake.RequestedProtocols is [string first, ..] ? first : null);
        using var protocol = new WebSocketProtocol(WebSocketRole.Server, _options, connection.Transport.Output);
        Exception? failure = await EchoAsync(connection.Transport, protocol);
        await WebSocketCloser.FinishAsync(connection, protocol, CloseTimeout, TimeProvider.System, failure);
    }

    private static async Task<Exception?> EchoAsync(IDuplexPipe transport, WebSocketProtocol protocol)
    {
        try
        {
            while (true)
            {
                ReadResult result = await transport.Input.ReadAsync();
                ReadOnlySequence<byte> input = result.Buffer;
                bool ended = EchoAll(ref input, protocol);
                transport.Input.AdvanceTo(input.Start, ended ? input.Start : input.End);

                if (ended || result.IsCompleted)
                {
                    return null;
                }

                await transport.Output.FlushAsync();
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return exception;
        }
    }

    private static bool EchoAll(ref ReadOnlySequence<byte> input, WebSocketProtocol protocol)
    {
        while (true)
        {
            WebSocketEvent found = protocol.Read(ref input);

            switch (found.Type)
            {
                case WebSocketEventType.Message:
                    protocol.WriteMessage(found.MessageType, found.Payload.Span);
                    break;
                case WebSocketEventType.Close or WebSocketEventType.Failed:
                    return true;
                case WebSocketEventType.None:
                    return false;
            }
        }
    }
}
