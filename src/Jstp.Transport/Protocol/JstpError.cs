using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Protocol;

/// <summary>
/// An error on the wire: <c>[code]</c>, <c>[code,message]</c> or <c>[code,message,info…]</c> (protocol page, section 7). Immutable.
/// </summary>
public sealed class JstpError
{
    private readonly MdsfValue[] _info;

    private JstpError(int code, string? message, MdsfValue[] info)
    {
        Code = code;
        Message = message;
        _info = info;
    }

    /// <summary>The code, of <see cref="JstpErrorCode"/> or of the application.</summary>
    public int Code { get; }

    /// <summary>The message on the wire; null if there is none, and the receiver uses the default one.</summary>
    public string? Message { get; }

    /// <summary>What follows the message, empty if there is nothing. Never there without a message.</summary>
    public IReadOnlyList<MdsfValue> Info => _info;

    /// <summary>An error that is only a code.</summary>
    public static JstpError FromCode(int code) => new(code, null, []);

    /// <summary>
    /// What is sent for an error of the application: of a code of the protocol only the code, of others what there is. Info without a
    /// message is dropped, as is a message that only repeats the code.
    /// </summary>
    public static JstpError FromException(JstpException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);

        return exception.HasOwnMessage && JstpErrorCode.DefaultMessage(exception.Code) is null
            ? new JstpError(exception.Code, exception.Message, [.. exception.Info])
            : FromCode(exception.Code);
    }

    /// <summary>
    /// Reads the error of an answer as tolerantly as clients demand (protocol page, section 6, receiving a callback): an array, a number,
    /// a text, or the object <c>{code,message}</c> of the swift client. Anything else is <see cref="JstpErrorCode.InternalApiError"/>.
    /// </summary>
    /// <param name="value">One value, which a <see cref="JstpMessageReader"/> has accepted.</param>
    /// <param name="limits">The limits that it was accepted with.</param>
    public static JstpError Read(ReadOnlySpan<byte> value, MdsfReaderOptions limits = default)
    {
        var reader = new MdsfReader(value, limits);
        reader.Read();

        return reader.TokenType switch
        {
            MdsfTokenType.StartArray => ReadArray(ref reader),
            MdsfTokenType.StartObject => ReadObject(ref reader),
            MdsfTokenType.Number when reader.TryGetInt32(out int code) => FromCode(code),
            MdsfTokenType.String => new JstpError(JstpErrorCode.Text, reader.GetString(), []),
            _ => FromCode(JstpErrorCode.InternalApiError),
        };
    }

    /// <summary>The exception that a caller gets for this error, with the default message if there is none.</summary>
    public JstpException ToException() => new(Code, Message, _info);

    /// <summary>Writes the error as an array.</summary>
    public void WriteTo(ref MdsfWriter writer)
    {
        writer.WriteStartArray();
        writer.WriteNumber(Code);

        if (Message is not null)
        {
            writer.WriteString(Message);

            foreach (MdsfValue value in _info)
            {
                value.WriteTo(ref writer);
            }
        }

        writer.WriteEndArray();
    }

    /// <summary>The error in words, for the log.</summary>
    public override string ToString() => $"{Code} {Message ?? JstpErrorCode.DefaultMessage(Code)}".TrimEnd();

    private static JstpError ReadArray(ref MdsfReader reader)
    {
        if (!reader.Read() || reader.TokenType != MdsfTokenType.Number || !reader.TryGetInt32(out int code))
        {
            return FromCode(JstpErrorCode.InternalApiError);
        }

        if (!reader.Read() || reader.TokenType == MdsfTokenType.EndArray)
        {
            return FromCode(code);
        }

        string? message = ReadText(ref reader);
        var info = new List<MdsfValue>();

        while (reader.Read() && reader.TokenType != MdsfTokenType.EndArray)
        {
            info.Add(MdsfValue.ReadFrom(ref reader));
        }

        return new JstpError(code, message, [.. info]);
    }

    private static JstpError ReadObject(ref MdsfReader reader)
    {
        int? code = null;
        string? message = null;

        while (reader.Read() && reader.TokenType == MdsfTokenType.PropertyName)
        {
            bool isCode = reader.ValueTextEquals("code"u8);
            bool isMessage = reader.ValueTextEquals("message"u8);
            reader.Read();

            if (reader.TokenType == MdsfTokenType.Undefined)
            {
                continue;
            }

            code = !isCode ? code : reader.TokenType == MdsfTokenType.Number && reader.TryGetInt32(out int number) ? number : null;
            message = isMessage ? ReadText(ref reader) : message;
            reader.Skip();
        }

        return new JstpError(code ?? JstpErrorCode.InternalApiError, code is null ? null : message, []);
    }

    /// <summary>The text that the reader stands on; null, behind the value, if it is something else.</summary>
    private static string? ReadText(ref MdsfReader reader)
    {
        if (reader.TokenType == MdsfTokenType.String)
        {
            return reader.GetString();
        }

        reader.Skip();
        return null;
    }
}
