using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Jstp.Client.Connections;
using Jstp.Client.Events;
using Jstp.Transport.Mdsf;

namespace Jstp.Client.Remote;

/// <summary>One interface of the server. A handle: make as many as you like.</summary>
public sealed class JstpRemoteProxy
{
    internal JstpRemoteProxy(JstpClientConnection connection, string interfaceName, IReadOnlyList<string>? methodNames = null)
    {
        ArgumentNullException.ThrowIfNull(interfaceName);
        Connection = connection;
        InterfaceName = interfaceName;
        MethodNames = methodNames ?? [];
    }

    /// <summary>The connection.</summary>
    public JstpClientConnection Connection { get; }

    /// <summary>The interface.</summary>
    public string InterfaceName { get; }

    /// <summary>Its methods in the order of their declaration, if it was inspected; else empty.</summary>
    public IReadOnlyList<string> MethodNames { get; }

    /// <summary>Calls a method.</summary>
    /// <param name="methodName">The method.</param>
    /// <param name="arguments">The arguments, each written by its own type.</param>
    /// <returns>The results.</returns>
    /// <inheritdoc cref="JstpClientConnection.CallAsync(string, string, IReadOnlyList{object?}, CancellationToken)" path="/exception"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public Task<IReadOnlyList<MdsfValue>> CallAsync(string methodName, params ReadOnlySpan<object?> arguments) =>
        Connection.CallAsync(InterfaceName, methodName, arguments);

    /// <summary>Calls a method and converts its first result.</summary>
    /// <inheritdoc cref="CallAsync(string, ReadOnlySpan{object?})"/>
    /// <typeparam name="TResult">What the first result becomes; no result counts as undefined.</typeparam>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public Task<TResult> CallAsync<TResult>(string methodName, params ReadOnlySpan<object?> arguments) =>
        Connection.CallAsync<TResult>(InterfaceName, methodName, arguments);

    /// <summary>Calls a method, with a way to give it up.</summary>
    /// <inheritdoc cref="JstpClientConnection.CallAsync(string, string, IReadOnlyList{object?}, CancellationToken)"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public Task<IReadOnlyList<MdsfValue>> CallAsync(string methodName, IReadOnlyList<object?> arguments, CancellationToken cancellationToken) =>
        Connection.CallAsync(InterfaceName, methodName, arguments, cancellationToken);

    /// <summary>Calls a method and converts its first result, with a way to give it up.</summary>
    /// <inheritdoc cref="JstpClientConnection.CallAsync(string, string, IReadOnlyList{object?}, CancellationToken)"/>
    /// <typeparam name="TResult">What the first result becomes; no result counts as undefined.</typeparam>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public Task<TResult> CallAsync<TResult>(string methodName, IReadOnlyList<object?> arguments, CancellationToken cancellationToken) =>
        Connection.CallAsync<TResult>(InterfaceName, methodName, arguments, cancellationToken);

    /// <summary>Calls a method without any conversion, for generated code.</summary>
    /// <inheritdoc cref="JstpClientConnection.CallAsync{TState, TResult}"/>
    public Task<TResult> CallAsync<TState, TResult>(
        string methodName, TState state, JstpArgumentsWriter<TState> write, JstpResultsReader<TResult> read, CancellationToken cancellationToken = default)
        where TState : allows ref struct =>
        Connection.CallAsync(InterfaceName, methodName, state, write, read, cancellationToken);

    /// <summary>Calls a method, and again as often as its answer is lost.</summary>
    /// <inheritdoc cref="JstpClientConnection.CallWithResendAsync(string, string, IReadOnlyList{object?}, CancellationToken)"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public Task<IReadOnlyList<MdsfValue>> CallWithResendAsync(
        string methodName, IReadOnlyList<object?>? arguments = null, CancellationToken cancellationToken = default) =>
        Connection.CallWithResendAsync(InterfaceName, methodName, arguments, cancellationToken);

    /// <summary>Calls a method, and again as often as its answer is lost, and converts its first result.</summary>
    /// <inheritdoc cref="JstpClientConnection.CallWithResendAsync(string, string, IReadOnlyList{object?}, CancellationToken)"/>
    /// <typeparam name="TResult">What the first result becomes; no result counts as undefined.</typeparam>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public Task<TResult> CallWithResendAsync<TResult>(
        string methodName, IReadOnlyList<object?>? arguments = null, CancellationToken cancellationToken = default) =>
        Connection.CallWithResendAsync<TResult>(InterfaceName, methodName, arguments, cancellationToken);

    /// <summary>Calls a method, and again as often as its answer is lost, without any conversion, for generated code.</summary>
    /// <inheritdoc cref="JstpClientConnection.CallWithResendAsync{TState, TResult}"/>
    public Task<TResult> CallWithResendAsync<TState, TResult>(
        string methodName, TState state, JstpArgumentsWriter<TState> write, JstpResultsReader<TResult> read, CancellationToken cancellationToken = default)
        where TState : allows ref struct =>
        Connection.CallWithResendAsync(InterfaceName, methodName, state, write, read, cancellationToken);

    /// <summary>Sends an event, after waiting for room where too much waits for the server.</summary>
    /// <param name="eventName">The event.</param>
    /// <param name="arguments">The arguments, each written by its own type.</param>
    /// <inheritdoc cref="JstpClientConnection.EmitAsync(string, string, IReadOnlyList{object?}, CancellationToken)" path="/exception"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public ValueTask EmitAsync(string eventName, params ReadOnlySpan<object?> arguments) => Connection.EmitAsync(InterfaceName, eventName, arguments);

    /// <summary>Sends an event without any conversion, for generated code.</summary>
    /// <inheritdoc cref="JstpClientConnection.EmitAsync{TState}"/>
    public ValueTask EmitAsync<TState>(
        string eventName, TState state, JstpArgumentsWriter<TState> write, CancellationToken cancellationToken = default)
        where TState : allows ref struct =>
        Connection.EmitAsync(InterfaceName, eventName, state, write, cancellationToken);

    /// <summary>Listens to an event. Missing arguments are undefined, further ones are ignored.</summary>
    /// <param name="eventName">The event.</param>
    /// <param name="handler">Runs where messages are received, one event after the other: it must not block.</param>
    /// <returns>What ends the subscription when it is disposed.</returns>
    public IDisposable On(string eventName, Action handler) => Subscribe(eventName, EventSubscriber.Create(handler));

    /// <inheritdoc cref="On(string, Action)"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public IDisposable On<T1>(string eventName, Action<T1> handler) => Subscribe(eventName, EventSubscriber.Create(Connection.Options.Serializer, handler));

    /// <inheritdoc cref="On(string, Action)"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public IDisposable On<T1, T2>(string eventName, Action<T1, T2> handler) => Subscribe(eventName, EventSubscriber.Create(Connection.Options.Serializer, handler));

    /// <inheritdoc cref="On(string, Action)"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public IDisposable On<T1, T2, T3>(string eventName, Action<T1, T2, T3> handler) => Subscribe(eventName, EventSubscriber.Create(Connection.Options.Serializer, handler));

    /// <summary>Listens to an event without any conversion, for generated code.</summary>
    /// <inheritdoc cref="On(string, Action)"/>
    public IDisposable On(string eventName, JstpEventHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);

        return Subscribe(eventName, new EventSubscriber(handler));
    }

    /// <summary>Reads an event's arguments as they come, at the reader's own pace. Those that come while nobody asks wait, in order.</summary>
    /// <param name="eventName">The event.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The arguments of each event, from the first request for one on; it ends when the connection does.</returns>
    /// <exception cref="JstpBufferFullException">More events wait than <see cref="JstpClientOptions.MaxQueuedEvents"/>.</exception>
    public IAsyncEnumerable<IReadOnlyList<MdsfValue>> ReadEventsAsync(string eventName, CancellationToken cancellationToken = default) =>
        ReadEventsAsync(eventName, PendingResults.ReadAll, cancellationToken);

    /// <summary>Reads the first argument of an event as it comes.</summary>
    /// <inheritdoc cref="ReadEventsAsync(string, CancellationToken)"/>
    /// <typeparam name="T">What the first argument becomes; none counts as undefined.</typeparam>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public IAsyncEnumerable<T> ReadEventsAsync<T>(string eventName, CancellationToken cancellationToken = default)
    {
        MdsfConverter<T> converter = Connection.Options.Serializer.GetConverter<T>();

        return ReadEventsAsync(eventName, (ref reader) => JstpValue.ReadNext(ref reader, converter), cancellationToken);
    }

    /// <summary>Reads an event as it comes, without any conversion, for generated code.</summary>
    /// <inheritdoc cref="ReadEventsAsync(string, CancellationToken)"/>
    public async IAsyncEnumerable<T> ReadEventsAsync<T>(
        string eventName, JstpResultsReader<T> read, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        var queue = Channel.CreateBounded<T>(new BoundedChannelOptions(Connection.Options.MaxQueuedEvents) { SingleReader = true });

        using IDisposable subscription = On(eventName, (ref arguments) =>
        {
            if (!queue.Writer.TryWrite(read(ref arguments)))
            {
                queue.Writer.TryComplete(new JstpBufferFullException(
                    $"More events '{eventName}' wait than {nameof(JstpClientOptions.MaxQueuedEvents)} allows."));
            }
        });
        _ = Connection.Completion.ContinueWith(
            static (_, queue) => ((ChannelWriter<T>)queue!).TryComplete(), queue.Writer, cancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);

        await foreach (T arguments in queue.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return arguments;
        }
    }

    private IDisposable Subscribe(string eventName, EventSubscriber subscriber)
    {
        ArgumentNullException.ThrowIfNull(eventName);

        return Connection.Subscribe(InterfaceName, eventName, subscriber);
    }
}
