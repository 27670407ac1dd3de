using System.Buffers;
using System.IO.Pipelines;
using Jstp.Client.Authentication;
using Jstp.Client.Channels;
using Jstp.Transport.Channels;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Connections;

/// <summary>The client's side of the handshake (protocol page, section 5).</summary>
internal static class Handshake
{
    /// <summary>Opens a session.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="JstpException">The server's error, or <see cref="JstpErrorCode.NoHandshakeResponse"/>.</exception>
    /// <exception cref="InvalidDataException">The server's answer is none.</exception>
    public static async Task<string> OpenAsync(
        ClientChannel channel, JstpApplicationName application, JstpCredentials credentials, CancellationToken cancellationToken)
    {
        var request = new ArrayBufferWriter<byte>();
        JstpMessageWriter.WriteHandshakeRequest(request, application.Name, application.Version, credentials.Strategy, credentials.Value.Span);
        MdsfValue answer = await ExchangeAsync(channel, request.WrittenMemory, cancellationToken).ConfigureAwait(false);

        return answer.Kind == MdsfValueKind.String && answer.AsString().Length > 0
            ? answer.AsString()
            : throw new InvalidDataException("The server's answer to the handshake is no session id.");
    }

    /// <summary>Restores a session.</summary>
    /// <returns>The server's received count.</returns>
    /// <inheritdoc cref="OpenAsync"/>
    public static async Task<long> RestoreAsync(
        ClientChannel channel, JstpApplicationName application, string sessionId, long receivedCount, CancellationToken cancellationToken)
    {
        var credentials = new ArrayBufferWriter<byte>();
        WriteCredentials(credentials, sessionId, receivedCount);
        var request = new ArrayBufferWriter<byte>();
        JstpMessageWriter.WriteHandshakeRequest(request, application.Name, application.Version, "session", credentials.WrittenSpan);
        MdsfValue answer = await ExchangeAsync(channel, request.WrittenMemory, cancellationToken).ConfigureAwait(false);

        // A new session in the answer to a restore would have us believe that ours goes on (protocol page, 5.2).
        return answer.Kind == MdsfValueKind.Number && answer.AsNumber() is var count and >= 0 and <= JstpMessageId.MaxMagnitude
            ? (long)count
            : throw new InvalidDataException("The server's answer to the restore is no count.");
    }

    private static void WriteCredentials(ArrayBufferWriter<byte> output, string sessionId, long receivedCount)
    {
        var writer = new MdsfWriter(output);
        writer.WriteStartArray();
        writer.WriteString(sessionId);
        writer.WriteNumber(receivedCount);
        writer.WriteEndArray();
        writer.Flush();
    }

    private static async Task<MdsfValue> ExchangeAsync(ClientChannel channel, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration cut = cancellationToken.UnsafeRegister(static channel => ((ClientChannel)channel!).Abort(), channel);

        try
        {
            channel.Write(request.Span);
            await channel.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);

            return await ReceiveAsync(channel).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            cancellationToken.ThrowIfCancellationRequested();

            throw new JstpException(JstpErrorCode.NoHandshakeResponse, exception.Message);
        }
    }

    private static async Task<MdsfValue> ReceiveAsync(ClientChannel channel)
    {
        while (true)
        {
            ReadResult result = await channel.Input.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            ReadOnlySequence<byte> input = result.Buffer;
            ChannelEvent received = channel.Read(ref input);
            MdsfValue? answer;

            try
            {
                answer = received.Kind == ChannelEventKind.Message ? ReadAnswer(received.Text) : null;
            }
            finally
            {
                // What came right behind the answer is the link's.
                channel.Input.AdvanceTo(input.Start, received.Kind == ChannelEventKind.None ? result.Buffer.End : input.Start);
            }

            if (answer is not null)
            {
                return answer;
            }

            if (result.IsCompleted || received.Kind is ChannelEventKind.Closed or ChannelEventKind.Failed)
            {
                throw new JstpException(JstpErrorCode.NoHandshakeResponse);
            }
        }
    }

    /// <returns>What the answer holds; null for an old heartbeat, which is legal before it.</returns>
    private static MdsfValue? ReadAnswer(ReadOnlyMemory<byte> text)
    {
        JstpMessageResult result = JstpMessageReader.Read(text, default, out JstpMessage message);

        if (result.IsOk && message.Kind == JstpMessageKind.Heartbeat)
        {
            return null;
        }

        if (!result.IsOk || message.Kind != JstpMessageKind.Handshake || message.Id != 0)
        {
            throw new InvalidDataException("The server's first message is no answer to the handshake.");
        }

        return message.Answer switch
        {
            JstpAnswer.Ok => MdsfValue.Parse(message.Value.Span),
            JstpAnswer.Error => throw JstpError.Read(message.Value.Span).ToException(),
            _ => throw new InvalidDataException("The server's answer to the handshake says nothing."),
        };
    }
}
