using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Jstp.Client.Remote;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Connections;

// What goes to the server. Messages are made outside the lock; inside it they get their ids and their places.
public sealed partial class JstpClientConnection
{
    private MdsfConverter<object?>? _argumentConverter; // once somebody calls with arguments of any type
    private TaskCompletionSource? _room; // set when the buffer has room again, if somebody waits for that

    /// <summary>Calls a method. The call is kept until the server has it, also over a lost connection (protocol page, section 10).</summary>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="methodName">The method.</param>
    /// <param name="arguments">The arguments, each written by its own type; null for none.</param>
    /// <param name="cancellationToken">Gives the call up. The server may execute it nevertheless.</param>
    /// <returns>The results.</returns>
    /// <exception cref="Transport.Protocol.JstpException">
    /// The server's error; or <see cref="Transport.Protocol.JstpErrorCode.CallbackLost"/> when the answer was lost with a connection, so that the call may or may not have been executed.
    /// </exception>
    /// <exception cref="MdsfConversionException">An argument has no form in MDSF. Nothing was sent.</exception>
    /// <exception cref="ArgumentException">The message is longer than <see cref="JstpClientOptions.MaxMessageSize"/>. Nothing was sent.</exception>
    /// <exception cref="JstpBufferFullException">Too much waits for the server. Nothing was sent.</exception>
    /// <exception cref="JstpConnectionClosedException">The connection is closed. Nothing was sent.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public Task<IReadOnlyList<MdsfValue>> CallAsync(
        string interfaceName, string methodName, IReadOnlyList<object?>? arguments = null, CancellationToken cancellationToken = default) =>
        CallAsync(interfaceName, methodName, Span(arguments), new PendingResults(), cancellationToken);

    /// <summary>Calls a method and converts its first result.</summary>
    /// <inheritdoc cref="CallAsync(string, string, IReadOnlyList{object?}, CancellationToken)"/>
    /// <typeparam name="TResult">What the first result becomes; no result counts as undefined.</typeparam>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public Task<TResult> CallAsync<TResult>(
        string interfaceName, string methodName, IReadOnlyList<object?>? arguments = null, CancellationToken cancellationToken = default) =>
        CallAsync(interfaceName, methodName, Span(arguments), new PendingResult<TResult>(Options.Serializer.GetConverter<TResult>()), cancellationToken);

    /// <summary>Calls a method without any conversion, for generated code.</summary>
    /// <inheritdoc cref="CallAsync(string, string, IReadOnlyList{object?}, CancellationToken)"/>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="methodName">The method.</param>
    /// <param name="state">The arguments, in whatever form <paramref name="write"/> knows.</param>
    /// <param name="write">Writes the arguments, before this method returns.</param>
    /// <param name="read">Reads the results.</param>
    /// <param name="cancellationToken">Gives the call up. The server may execute it nevertheless.</param>
    public Task<TResult> CallAsync<TState, TResult>(
        string interfaceName,
        string methodName,
        TState state,
        JstpArgumentsWriter<TState> write,
        JstpResultsReader<TResult> read,
        CancellationToken cancellationToken = default)
        where TState : allows ref struct
    {
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(read);
        ArrayBufferWriter<byte> scratch = TextScratch.Rent();

        try
        {
            MessageText.WriteCall(scratch, interfaceName, methodName, state, write, Options.MaxMessageSize);

            return RequestAsync(MessageText.CallPrefix, scratch, new PendingCustom<TResult>(read), cancellationToken);
        }
        finally
        {
            TextScratch.Return(scratch);
        }
    }

    /// <summary>
    /// Calls a method, and calls it again, with the same arguments under a new id, as often as its answer is lost with a connection. The server may execute it
    /// more than once: that is the contract (protocol page, section 12).
    /// </summary>
    /// <inheritdoc cref="CallAsync(string, string, IReadOnlyList{object?}, CancellationToken)"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public Task<IReadOnlyList<MdsfValue>> CallWithResendAsync(
        string interfaceName, string methodName, IReadOnlyList<object?>? arguments = null, CancellationToken cancellationToken = default) =>
        ResendAsync(CallText(interfaceName, methodName, Span(arguments)), static () => new PendingResults(), cancellationToken);

    /// <summary>Calls a method as <see cref="CallWithResendAsync(string, string, IReadOnlyList{object?}, CancellationToken)"/> does, and converts its first result.</summary>
    /// <inheritdoc cref="CallWithResendAsync(string, string, IReadOnlyList{object?}, CancellationToken)"/>
    /// <typeparam name="TResult">What the first result becomes; no result counts as undefined.</typeparam>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public Task<TResult> CallWithResendAsync<TResult>(
        string interfaceName, string methodName, IReadOnlyList<object?>? arguments = null, CancellationToken cancellationToken = default)
    {
        MdsfConverter<TResult> converter = Options.Serializer.GetConverter<TResult>();

        return ResendAsync(CallText(interfaceName, methodName, Span(arguments)), () => new PendingResult<TResult>(converter), cancellationToken);
    }

    /// <summary>Calls a method, and again as often as its answer is lost, without any conversion, for generated code.</summary>
    /// <inheritdoc cref="CallAsync{TState, TResult}"/>
    public Task<TResult> CallWithResendAsync<TState, TResult>(
        string interfaceName,
        string methodName,
        TState state,
        JstpArgumentsWriter<TState> write,
        JstpResultsReader<TResult> read,
        CancellationToken cancellationToken = default)
        where TState : allows ref struct
    {
        ArgumentNullException.ThrowIfNull(write);
        ArgumentNullException.ThrowIfNull(read);
        byte[] text = CallText(interfaceName, methodName, state, write);

        return ResendAsync(text, () => new PendingCustom<TResult>(read), cancellationToken);
    }

    /// <summary>Sends an event. It is kept until the server has it, also over a lost connection.</summary>
    /// <exception cref="MdsfConversionException">An argument has no form in MDSF. Nothing was sent.</exception>
    /// <exception cref="ArgumentException">The message is too long. Nothing was sent.</exception>
    /// <exception cref="JstpBufferFullException">Too much waits for the server. Nothing was sent.</exception>
    /// <exception cref="JstpConnectionClosedException">The connection is closed. Nothing was sent.</exception>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public void Emit(string interfaceName, string eventName, params ReadOnlySpan<object?> arguments) =>
        Emit(interfaceName, eventName, new DynamicArguments(GetArgumentConverter(), arguments), DynamicArguments.Writer);

    /// <summary>Sends an event without any conversion, for generated code.</summary>
    /// <inheritdoc cref="Emit(string, string, ReadOnlySpan{object?})"/>
    public void Emit<TState>(string interfaceName, string eventName, TState state, JstpArgumentsWriter<TState> write)
        where TState : allows ref struct
    {
        ArgumentNullException.ThrowIfNull(write);
        ArrayBufferWriter<byte> scratch = TextScratch.Rent();

        try
        {
            MessageText.WriteEvent(scratch, interfaceName, eventName, state, write, Options.MaxMessageSize);
            Exception? refusal = Send(MessageText.EventPrefix, MessageText.TailOf(scratch, MessageText.EventPrefix), request: null);

            if (refusal is not null)
            {
                throw refusal;
            }
        }
        finally
        {
            TextScratch.Return(scratch);
        }
    }

    /// <summary>Sends an event, after waiting for room where too much waits for the server. Nothing tells when the server has it; <see cref="PingAsync"/> does.</summary>
    /// <inheritdoc cref="Emit(string, string, ReadOnlySpan{object?})"/>
    /// <param name="interfaceName">The interface.</param>
    /// <param name="eventName">The event.</param>
    /// <param name="arguments">The arguments, each written by its own type; null for none.</param>
    /// <param name="cancellationToken">Gives up while waiting for room: nothing is sent.</param>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public ValueTask EmitAsync(string interfaceName, string eventName, IReadOnlyList<object?>? arguments = null, CancellationToken cancellationToken = default) =>
        EmitAsync(interfaceName, eventName, new DynamicArguments(GetArgumentConverter(), Span(arguments)), DynamicArguments.Writer, cancellationToken);

    /// <summary>Sends an event without any conversion, for generated code.</summary>
    /// <inheritdoc cref="EmitAsync(string, string, IReadOnlyList{object?}, CancellationToken)"/>
    public ValueTask EmitAsync<TState>(
        string interfaceName, string eventName, TState state, JstpArgumentsWriter<TState> write, CancellationToken cancellationToken = default)
        where TState : allows ref struct
    {
        ArgumentNullException.ThrowIfNull(write);
        ArrayBufferWriter<byte> scratch = TextScratch.Rent();

        try
        {
            MessageText.WriteEvent(scratch, interfaceName, eventName, state, write, Options.MaxMessageSize);
            ReadOnlySpan<byte> tail = MessageText.TailOf(scratch, MessageText.EventPrefix);

            return Send(MessageText.EventPrefix, tail, request: null) switch
            {
                null => ValueTask.CompletedTask,
                JstpBufferFullException => EmitSlowAsync(tail.ToArray(), cancellationToken),
                Exception refusal => ValueTask.FromException(refusal),
            };
        }
        finally
        {
            TextScratch.Return(scratch);
        }
    }

    /// <summary>Asks for the methods of an interface.</summary>
    /// <exception cref="Transport.Protocol.JstpException"><see cref="Transport.Protocol.JstpErrorCode.InterfaceNotFound"/>, or as for a call.</exception>
    public Task<IReadOnlyList<string>> InspectAsync(string interfaceName, CancellationToken cancellationToken = default)
    {
        ArrayBufferWriter<byte> scratch = TextScratch.Rent();

        try
        {
            MessageText.WriteInspect(scratch, interfaceName);

            return RequestAsync(MessageText.InspectPrefix, scratch, new PendingNames(), cancellationToken);
        }
        finally
        {
            TextScratch.Return(scratch);
        }
    }

    /// <summary>Asks for a sign of life. When it has come, the server has received everything that was sent before.</summary>
    /// <returns>How long that took.</returns>
    /// <exception cref="Transport.Protocol.JstpException"><see cref="Transport.Protocol.JstpErrorCode.CallbackLost"/>: the connection was lost before, or there is none.</exception>
    /// <exception cref="JstpConnectionClosedException">The connection is closed.</exception>
    public Task<TimeSpan> PingAsync(CancellationToken cancellationToken = default)
    {
        var ping = new PendingPing(Options.TimeProvider);
        SendPing(ping);
        ping.CancelWith(this, cancellationToken);

        return ping.Task;
    }

    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    private MdsfConverter<object?> GetArgumentConverter() => _argumentConverter ??= Options.Serializer.GetConverter<object?>();

    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    internal Task<IReadOnlyList<MdsfValue>> CallAsync(string interfaceName, string methodName, ReadOnlySpan<object?> arguments) =>
        CallAsync(interfaceName, methodName, arguments, new PendingResults(), CancellationToken.None);

    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    internal Task<TResult> CallAsync<TResult>(string interfaceName, string methodName, ReadOnlySpan<object?> arguments) =>
        CallAsync(interfaceName, methodName, arguments, new PendingResult<TResult>(Options.Serializer.GetConverter<TResult>()), CancellationToken.None);

    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    internal ValueTask EmitAsync(string interfaceName, string eventName, ReadOnlySpan<object?> arguments) =>
        EmitAsync(interfaceName, eventName, new DynamicArguments(GetArgumentConverter(), arguments), DynamicArguments.Writer, CancellationToken.None);

    private static ReadOnlySpan<object?> Span(IReadOnlyList<object?>? arguments) => arguments switch
    {
        null => [],
        object?[] array => array,
        _ => arguments.ToArray(),
    };

    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    private Task<T> CallAsync<T>(
        string interfaceName, string methodName, ReadOnlySpan<object?> arguments, PendingRequest<T> request, CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> scratch = TextScratch.Rent();

        try
        {
            MessageText.WriteCall(
                scratch, interfaceName, methodName, new DynamicArguments(GetArgumentConverter(), arguments), DynamicArguments.Writer, Options.MaxMessageSize);

            return RequestAsync(MessageText.CallPrefix, scratch, request, cancellationToken);
        }
        finally
        {
            TextScratch.Return(scratch);
        }
    }

    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    private byte[] CallText(string interfaceName, string methodName, ReadOnlySpan<object?> arguments) =>
        CallText(interfaceName, methodName, new DynamicArguments(GetArgumentConverter(), arguments), DynamicArguments.Writer);

    private byte[] CallText<TState>(string interfaceName, string methodName, TState state, JstpArgumentsWriter<TState> write)
        where TState : allows ref struct
    {
        var output = new ArrayBufferWriter<byte>();
        MessageText.WriteCall(output, interfaceName, methodName, state, write, Options.MaxMessageSize);

        return MessageText.TailOf(output, MessageText.CallPrefix).ToArray();
    }
}
