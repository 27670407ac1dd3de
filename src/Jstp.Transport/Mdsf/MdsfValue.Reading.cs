using System.Buffers;
using System.Text;

namespace Jstp.Transport.Mdsf;

public sealed partial class MdsfValue
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a text.</summary>
    /// <param name="utf8">The text: one value, with white space and comments around it.</param>
    /// <param name="options">The limits; the default value stands for the default limits.</param>
    /// <exception cref="MdsfException">The text is not MDSF, is not UTF-8, or exceeds a limit.</exception>
    public static MdsfValue Parse(ReadOnlySpan<byte> utf8, MdsfReaderOptions options = default)
    {
        var reader = new MdsfReader(utf8, options);
        return ReadWhole(ref reader);
    }

    /// <summary>Reads a text that may lie in several pieces.</summary>
    /// <param name="utf8">The text: one value, with white space and comments around it.</param>
    /// <param name="options">The limits; the default value stands for the default limits.</param>
    /// <exception cref="MdsfException">The text is not MDSF, is not UTF-8, or exceeds a limit.</exception>
    public static MdsfValue Parse(in ReadOnlySequence<byte> utf8, MdsfReaderOptions options = default)
    {
        var reader = new MdsfReader(utf8, options);
        return ReadWhole(ref reader);
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text: one value, with white space and comments around it.</param>
    /// <param name="options">The limits; the default value stands for the default limits.</param>
    /// <exception cref="MdsfException">The text is not MDSF or exceeds a limit; the offset counts bytes of UTF-8.</exception>
    /// <exception cref="ArgumentException">The text has unpaired surrogates and therefore no UTF-8.</exception>
    public static MdsfValue Parse(string text, MdsfReaderOptions options = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(StrictUtf8.GetBytes(text), options);
    }

    /// <summary>Reads one value from a reader that stands on its first token, and leaves it on its last.</summary>
    /// <param name="reader">The reader.</param>
    /// <exception cref="MdsfException">The text is not MDSF, is not UTF-8, or exceeds a limit.</exception>
    /// <exception cref="InvalidOperationException">The reader does not stand on a value.</exception>
    public static MdsfValue ReadFrom(ref MdsfReader reader)
    {
        if (reader.TokenType is not (MdsfTokenType.StartArray or MdsfTokenType.StartObject))
        {
            return ReadScalar(ref reader);
        }

        // A stack of our own: the depth of a text must not become the depth of the machine stack.
        var open = new Stack<MdsfContainerBuilder>();
        open.Push(new MdsfContainerBuilder(reader.TokenType));

        while (true)
        {
            reader.Read();
            MdsfContainerBuilder innermost = open.Peek();

            switch (reader.TokenType)
            {
                case MdsfTokenType.StartArray or MdsfTokenType.StartObject:
                    open.Push(new MdsfContainerBuilder(reader.TokenType));
                    break;

                case MdsfTokenType.PropertyName:
                    innermost.Name = reader.GetString();
                    break;

                case MdsfTokenType.EndArray or MdsfTokenType.EndObject:
                    open.Pop();
                    MdsfValue complete = innermost.Build();

                    if (!open.TryPeek(out MdsfContainerBuilder? outer))
                    {
                        return complete;
                    }

                    outer.Add(complete);
                    break;

                default:
                    innermost.Add(ReadScalar(ref reader));
                    break;
            }
        }
    }

    private static MdsfValue ReadWhole(ref MdsfReader reader)
    {
        reader.Read();
        MdsfValue value = ReadFrom(ref reader);
        reader.Read();
        return value;
    }

    private static MdsfValue ReadScalar(ref MdsfReader reader)
    {
        switch (reader.TokenType)
        {
            case MdsfTokenType.String:
                return FromString(reader.GetString());
            case MdsfTokenType.Number:
                return FromDouble(reader.GetDouble());
            case MdsfTokenType.True:
                return True;
            case MdsfTokenType.False:
                return False;
            case MdsfTokenType.Null:
                return Null;
            case MdsfTokenType.Undefined:
                return Undefined;
            default:
                MdsfThrowHelper.ThrowWrongToken("a value", reader.TokenType);
                return Undefined;
        }
    }
}
