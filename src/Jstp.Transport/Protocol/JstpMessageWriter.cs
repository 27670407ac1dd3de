using System.Buffers;
using System.Buffers.Text;
using Jstp.Transport.Mdsf;

namespace Jstp.Transport.Protocol;

/// <summary>Writes messages with the very texts of the reference (protocol page, section 2).</summary>
/// <remarks>
/// A <c>Write</c> method writes a whole message into an output. A <c>Begin</c> method writes everything up to the arguments into a value
/// writer; then the caller writes argument after argument and ends with <see cref="EndArguments"/> and <see cref="MdsfWriter.Flush"/>.
/// Since a value writer leaves no trace before it is flushed, a message whose arguments cannot be written is simply given up.
/// </remarks>
public static class JstpMessageWriter
{
    // -9007199254740991 and the brackets around it
    private const int MaxIdLength = 24;

    /// <summary>Begins a call: <c>{call:[id,'interface'],method:[</c>.</summary>
    /// <exception cref="ArgumentException">The method is named <c>__proto__</c>, which no JavaScript peer can receive.</exception>
    public static void BeginCall(ref MdsfWriter writer, long id, string interfaceName, string methodName) =>
        BeginNamed(ref writer, "call"u8, id, interfaceName, methodName);

    /// <summary>Begins an event: <c>{event:[id,'interface'],name:[</c>.</summary>
    /// <exception cref="ArgumentException">The event is named <c>__proto__</c>, which no JavaScript peer can receive.</exception>
    public static void BeginEvent(ref MdsfWriter writer, long id, string interfaceName, string eventName) =>
        BeginNamed(ref writer, "event"u8, id, interfaceName, eventName);

    /// <summary>Begins the answer to a call: <c>{callback:[id],ok:[</c>. The id is the peer's, unchanged.</summary>
    public static void BeginResults(ref MdsfWriter writer, long id)
    {
        WriteHead(ref writer, "callback"u8, id);
        writer.WritePropertyName("ok"u8);
        writer.WriteStartArray();
    }

    /// <summary>Ends what a <c>Begin</c> method began: <c>]}</c>.</summary>
    public static void EndArguments(ref MdsfWriter writer)
    {
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Writes a call.</summary>
    /// <param name="output">What takes the message.</param>
    /// <param name="id">The id of the message.</param>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="methodName">The method.</param>
    /// <param name="arguments">The arguments: one MDSF array.</param>
    /// <exception cref="ArgumentException">The method is named <c>__proto__</c>, which no JavaScript peer can receive.</exception>
    public static void WriteCall(
        IBufferWriter<byte> output, long id, string interfaceName, string methodName, ReadOnlySpan<byte> arguments) =>
        WriteNamed(output, "call"u8, id, interfaceName, methodName, arguments);

    /// <summary>Writes an event.</summary>
    /// <param name="output">What takes the message.</param>
    /// <param name="id">The id of the message.</param>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="eventName">The event.</param>
    /// <param name="arguments">The arguments: one MDSF array.</param>
    /// <exception cref="ArgumentException">The event is named <c>__proto__</c>, which no JavaScript peer can receive.</exception>
    public static void WriteEvent(
        IBufferWriter<byte> output, long id, string interfaceName, string eventName, ReadOnlySpan<byte> arguments) =>
        WriteNamed(output, "event"u8, id, interfaceName, eventName, arguments);

    /// <summary>Writes the answer to a call: <c>{callback:[id],ok:[…]}</c>.</summary>
    /// <param name="output">What takes the message.</param>
    /// <param name="id">The peer's id, unchanged.</param>
    /// <param name="results">The results: one MDSF array.</param>
    public static void WriteResults(IBufferWriter<byte> output, long id, ReadOnlySpan<byte> results)
    {
        WriteWithId(output, "{callback:["u8, id, "],ok:"u8);
        output.Write(results);
        output.Write("}"u8);
    }

    /// <summary>Writes the answer to an inspect: <c>{callback:[id],ok:['m1','m2']}</c>.</summary>
    /// <param name="output">What takes the message.</param>
    /// <param name="id">The peer's id, unchanged.</param>
    /// <param name="names">The methods in the order of their declaration.</param>
    public static void WriteMethodNames(IBufferWriter<byte> output, long id, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var writer = new MdsfWriter(output);
        BeginResults(ref writer, id);

        foreach (string name in names)
        {
            writer.WriteString(name);
        }

        EndArguments(ref writer);
        writer.Flush();
    }

    /// <summary>Writes the refusal of a call or an inspect: <c>{callback:[id],error:[code,…]}</c>.</summary>
    /// <param name="output">What takes the message.</param>
    /// <param name="id">The peer's id, unchanged.</param>
    /// <param name="error">The error.</param>
    public static void WriteCallbackError(IBufferWriter<byte> output, long id, JstpError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var writer = new MdsfWriter(output);
        WriteHead(ref writer, "callback"u8, id);
        WriteError(ref writer, error);
    }

    /// <summary>Writes the refusal of a call or an inspect by a code alone: <c>{callback:[id],error:[code]}</c>.</summary>
    public static void WriteCallbackError(IBufferWriter<byte> output, long id, int code)
    {
        WriteWithId(output, "{callback:["u8, id, "],error:["u8);
        WriteWithId(output, default, code, "]}"u8);
    }

    /// <summary>Writes a question for the methods of an interface: <c>{inspect:[id,'interface']}</c>.</summary>
    public static void WriteInspect(IBufferWriter<byte> output, long id, string interfaceName)
    {
        ArgumentNullException.ThrowIfNull(interfaceName);
        var writer = new MdsfWriter(output);
        WriteHead(ref writer, "inspect"u8, id, interfaceName);
        writer.WriteEndObject();
        writer.Flush();
    }

    /// <summary>Writes <c>{ping:[id]}</c>.</summary>
    public static void WritePing(IBufferWriter<byte> output, long id) => WriteWithId(output, "{ping:["u8, id, "]}"u8);

    /// <summary>Writes <c>{pong:[id]}</c>; the id is the peer's, unchanged.</summary>
    public static void WritePong(IBufferWriter<byte> output, long id) => WriteWithId(output, "{pong:["u8, id, "]}"u8);

    /// <summary>Writes a client's handshake.</summary>
    /// <param name="output">What takes the message.</param>
    /// <param name="application">The name of the application.</param>
    /// <param name="version">A version or a range; null to leave the choice to the server.</param>
    /// <param name="strategy">How the client authenticates; null for anonymously.</param>
    /// <param name="credentials">What the strategy needs, one MDSF value.</param>
    public static void WriteHandshakeRequest(
        IBufferWriter<byte> output,
        string application,
        string? version = null,
        string? strategy = null,
        ReadOnlySpan<byte> credentials = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(application);
        var writer = new MdsfWriter(output);
        WriteHead(ref writer, "handshake"u8, 0, application, version);

        if (strategy is not null)
        {
            WriteName(ref writer, strategy);
            writer.WriteRaw(credentials);
        }

        writer.WriteEndObject();
        writer.Flush();
    }

    /// <summary>Writes the answer that opens a new session: <c>{handshake:[0],ok:'session'}</c>.</summary>
    public static void WriteHandshakeOk(IBufferWriter<byte> output, string sessionId)
    {
        ArgumentException.ThrowIfNullOrEmpty(sessionId);
        var writer = new MdsfWriter(output);
        WriteHead(ref writer, "handshake"u8, 0);
        writer.WritePropertyName("ok"u8);
        writer.WriteString(sessionId);
        writer.WriteEndObject();
        writer.Flush();
    }

    /// <summary>Writes the answer that restores a session: <c>{handshake:[0],ok:count}</c>, the count of what was received.</summary>
    public static void WriteHandshakeOk(IBufferWriter<byte> output, long receivedCount) =>
        WriteWithId(output, "{handshake:[0],ok:"u8, receivedCount, "}"u8);

    /// <summary>
    /// Writes the refusal of a handshake: <c>{handshake:[0],error:[code,…]}</c>. The connection must be closed behind it.
    /// </summary>
    public static void WriteHandshakeError(IBufferWriter<byte> output, JstpError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var writer = new MdsfWriter(output);
        WriteHead(ref writer, "handshake"u8, 0);
        WriteError(ref writer, error);
    }

    /// <summary>Writes a message whose only variable part is a whole number.</summary>
    internal static void WriteWithId(IBufferWriter<byte> output, ReadOnlySpan<byte> before, long id, ReadOnlySpan<byte> behind)
    {
        ArgumentNullException.ThrowIfNull(output);
        Span<byte> span = output.GetSpan(before.Length + MaxIdLength + behind.Length);
        before.CopyTo(span);
        Utf8Formatter.TryFormat(id, span[before.Length..], out int digits);
        behind.CopyTo(span[(before.Length + digits)..]);
        output.Advance(before.Length + digits + behind.Length);
    }

    private static void WriteNamed(
        IBufferWriter<byte> output, ReadOnlySpan<byte> kind, long id, string interfaceName, string name, ReadOnlySpan<byte> arguments)
    {
        ArgumentNullException.ThrowIfNull(interfaceName);
        var writer = new MdsfWriter(output);
        WriteHead(ref writer, kind, id, interfaceName);
        WriteName(ref writer, name);
        writer.WriteRaw(arguments);
        writer.WriteEndObject();
        writer.Flush();
    }

    private static void BeginNamed(ref MdsfWriter writer, ReadOnlySpan<byte> kind, long id, string interfaceName, string name)
    {
        ArgumentNullException.ThrowIfNull(interfaceName);
        WriteHead(ref writer, kind, id, interfaceName);
        WriteName(ref writer, name);
        writer.WriteStartArray();
    }

    private static void WriteHead(ref MdsfWriter writer, ReadOnlySpan<byte> kind, long id, string? target = null, string? version = null)
    {
        writer.WriteStartObject();
        writer.WritePropertyName(kind);
        writer.WriteStartArray();
        writer.WriteNumber(id);

        if (target is not null)
        {
            writer.WriteString(target);
        }

        if (version is not null)
        {
            writer.WriteString(version);
        }

        writer.WriteEndArray();
    }

    private static void WriteName(ref MdsfWriter writer, string name)
    {
        // The value writer would leave the member out, and the message would say something else.
        if (name == "__proto__")
        {
            throw new ArgumentException("No JavaScript peer can receive a method, event or strategy named '__proto__'.", nameof(name));
        }

        writer.WritePropertyName(name);
    }

    private static void WriteError(ref MdsfWriter writer, JstpError error)
    {
        writer.WritePropertyName("error"u8);
        error.WriteTo(ref writer);
        writer.WriteEndObject();
        writer.Flush();
    }
}
