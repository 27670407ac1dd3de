using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Protocol;

/// <summary>Takes a message text apart and checks it whole, in one pass and without allocation (protocol page, sections 2 to 4).</summary>
public static class JstpMessageReader
{
    /// <summary>Reads one message. Never throws for what the text holds.</summary>
    /// <param name="text">The text of one message in UTF-8; the message refers to this memory.</param>
    /// <param name="limits">The limits of the value reader.</param>
    /// <param name="message">
    /// The message. If the result is not <see cref="JstpMessageStatus.Ok"/>, what is known of it, for the log: nothing for
    /// <see cref="JstpMessageStatus.BadText"/>, since a text has no effect before it was accepted whole.
    /// </param>
    public static JstpMessageResult Read(ReadOnlyMemory<byte> text, MdsfReaderOptions limits, out JstpMessage message)
    {
        try
        {
            return ReadText(text, text.Span, limits, out message);
        }
        catch (MdsfException exception)
        {
            message = default;
            return new JstpMessageResult(JstpMessageStatus.BadText, exception.Offset, exception.Message);
        }
    }

    private static JstpMessageResult ReadText(
        ReadOnlyMemory<byte> memory, ReadOnlySpan<byte> text, MdsfReaderOptions limits, out JstpMessage message)
    {
        var reader = new MdsfReader(text, limits);
        reader.Read();

        if (reader.TokenType != MdsfTokenType.StartObject)
        {
            // A text that does not parse is that first of all (rule 1 before rule 2).
            long start = reader.TokenStart;
            ReadToEnd(ref reader);
            message = default;
            return new JstpMessageResult(JstpMessageStatus.NotAnObject, start);
        }

        bool hasKind = false;
        ReadOnlySpan<byte> kindKey = default;
        ReadOnlySpan<byte> bodyKey = default;
        JstpMessageHead head = default;
        JstpMessageBody body = default;

        while (reader.Read() && reader.TokenType == MdsfTokenType.PropertyName)
        {
            JstpMessageSlice name = JstpMessageSlice.FromToken(text, reader);
            ReadOnlySpan<byte> key = name.KeyIn(text);
            reader.Read();

            if (reader.TokenType == MdsfTokenType.Undefined)
            {
                continue;
            }

            if (key.SequenceEqual("__proto__"u8))
            {
                reader.Skip();
            }
            else if (!hasKind || key.SequenceEqual(kindKey))
            {
                hasKind = true;
                kindKey = key;
                ReadHead(ref reader, text, out head);
            }
            else if (body.Name.Type == MdsfTokenType.None || key.SequenceEqual(bodyKey))
            {
                bodyKey = key;
                ReadBody(ref reader, text, name, out body);
            }
            else
            {
                reader.Skip();
            }
        }

        ReadToEnd(ref reader);
        JstpMessageKind kind = hasKind ? KindOf(kindKey) : JstpMessageKind.Heartbeat;
        message = new JstpMessage(memory, kind, head, body);
        return Check(kind, head);
    }

    private static JstpMessageResult Check(JstpMessageKind kind, in JstpMessageHead head)
    {
        if (kind is JstpMessageKind.Heartbeat or JstpMessageKind.Unknown)
        {
            return default;
        }

        return !head.IsArray ? new JstpMessageResult(JstpMessageStatus.KindValueNotArray, head.Start)
            : !head.HasId ? new JstpMessageResult(JstpMessageStatus.InvalidId, head.Start)
            : default;
    }

    private static void ReadHead(ref MdsfReader reader, ReadOnlySpan<byte> text, out JstpMessageHead head)
    {
        head = default;
        head.Start = (int)reader.TokenStart;

        if (reader.TokenType != MdsfTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        head.IsArray = true;

        for (int index = 0; reader.Read() && reader.TokenType != MdsfTokenType.EndArray; index++)
        {
            switch (index)
            {
                case 0:
                    ReadId(ref reader, ref head);
                    break;

                case 1:
                    head.Target = ReadSlice(ref reader, text);
                    break;

                case 2:
                    head.Version = ReadSlice(ref reader, text);
                    break;

                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private static void ReadId(ref MdsfReader reader, ref JstpMessageHead head)
    {
        head.Start = (int)reader.TokenStart;

        if (reader.TokenType == MdsfTokenType.Number && reader.TryGetInt64(out long id) && JstpMessageId.IsValid(id))
        {
            head.Id = id;
            head.HasId = true;
        }

        reader.Skip();
    }

    private static void ReadBody(ref MdsfReader reader, ReadOnlySpan<byte> text, JstpMessageSlice name, out JstpMessageBody body)
    {
        body = new JstpMessageBody { Name = name };

        if (reader.TokenType != MdsfTokenType.StartArray)
        {
            body.Value = ReadSlice(ref reader, text);
            return;
        }

        int start = (int)reader.TokenStart;

        while (reader.Read() && reader.TokenType != MdsfTokenType.EndArray)
        {
            body.Count++;
            reader.Skip();
        }

        body.Value = new JstpMessageSlice(start, (int)reader.BytesConsumed - start, MdsfTokenType.StartArray, JstpNameForm.Plain);
    }

    /// <summary>Passes over the value that the reader stands on.</summary>
    private static JstpMessageSlice ReadSlice(ref MdsfReader reader, ReadOnlySpan<byte> text)
    {
        if (reader.TokenType is not (MdsfTokenType.StartArray or MdsfTokenType.StartObject))
        {
            return JstpMessageSlice.FromToken(text, reader);
        }

        MdsfTokenType type = reader.TokenType;
        int start = (int)reader.TokenStart;
        reader.Skip();
        return new JstpMessageSlice(start, (int)reader.BytesConsumed - start, type, JstpNameForm.Plain);
    }

    private static void ReadToEnd(ref MdsfReader reader)
    {
        while (reader.Read())
        {
        }
    }

    private static JstpMessageKind KindOf(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 when name.SequenceEqual("call"u8) => JstpMessageKind.Call,
        4 when name.SequenceEqual("ping"u8) => JstpMessageKind.Ping,
        4 when name.SequenceEqual("pong"u8) => JstpMessageKind.Pong,
        5 when name.SequenceEqual("event"u8) => JstpMessageKind.Event,
        7 when name.SequenceEqual("inspect"u8) => JstpMessageKind.Inspect,
        8 when name.SequenceEqual("callback"u8) => JstpMessageKind.Callback,
        9 when name.SequenceEqual("handshake"u8) => JstpMessageKind.Handshake,
        _ => JstpMessageKind.Unknown,
    };
}
