using System.Diagnostics.CodeAnalysis;
using Jstp.Client.Events;
using Jstp.Client.Remote;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Applications;

/// <summary>One interface of a <see cref="JstpClientApplication"/>: its methods and the events that it listens to.</summary>
public sealed class JstpClientInterface
{
    private static readonly JstpResultsReader<ValueTuple> NoArguments = static (ref _) => default;

    private readonly List<KeyValuePair<string, Func<JstpClientOptions, ServedMethod>>> _methods = [];
    private readonly List<KeyValuePair<string, Func<JstpClientOptions, EventSubscriber>>> _events = [];

    internal JstpClientInterface(string name) => Name = name;

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>Adds a method without any conversion, for generated code.</summary>
    /// <param name="name">The name as the server spells it.</param>
    /// <param name="minCount">The fewest arguments that it takes; with less it is not called, and the server gets error 17.</param>
    /// <param name="maxCount">The most arguments that it takes.</param>
    /// <param name="method">Runs on every call, where messages are received: it must not block.</param>
    /// <exception cref="ArgumentException">There is a method of that name, or the name could never be looked up.</exception>
    public JstpClientInterface Method(string name, int minCount, int maxCount, JstpClientMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentOutOfRangeException.ThrowIfNegative(minCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, minCount);

        return AddMethod(name, _ => new ServedMethod(minCount, maxCount, method));
    }

    /// <summary>Adds a method with a result.</summary>
    /// <param name="name">The name as the server spells it.</param>
    /// <param name="method">Runs on every call, where messages are received: it must not block.</param>
    /// <exception cref="ArgumentException">There is a method of that name, or the name could never be looked up.</exception>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public JstpClientInterface Method<TResult>(string name, Func<TResult> method)
    {
        ArgumentNullException.ThrowIfNull(method);

        return AddMethod(name, 0, static _ => NoArguments, (_, _) => new ValueTask<TResult>(method()));
    }

    /// <inheritdoc cref="Method{TResult}(string, Func{TResult})"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public JstpClientInterface Method<T1, TResult>(string name, Func<T1, TResult> method)
    {
        ArgumentNullException.ThrowIfNull(method);

        return AddMethod(name, 1, ArgumentReader.Of<T1>, (argument, _) => new ValueTask<TResult>(method(argument)));
    }

    /// <inheritdoc cref="Method{TResult}(string, Func{TResult})"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public JstpClientInterface Method<T1, T2, TResult>(string name, Func<T1, T2, TResult> method)
    {
        ArgumentNullException.ThrowIfNull(method);

        return AddMethod(name, 2, ArgumentReader.Of<T1, T2>, (arguments, _) => new ValueTask<TResult>(method(arguments.First, arguments.Second)));
    }

    /// <inheritdoc cref="Method{TResult}(string, Func{TResult})"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public JstpClientInterface Method<T1, T2, T3, TResult>(string name, Func<T1, T2, T3, TResult> method)
    {
        ArgumentNullException.ThrowIfNull(method);

        return AddMethod(
            name, 3, ArgumentReader.Of<T1, T2, T3>, (arguments, _) => new ValueTask<TResult>(method(arguments.First, arguments.Second, arguments.Third)));
    }

    /// <summary>Adds a method whose result comes later. Its token is cancelled when the connection closes for good.</summary>
    /// <param name="name">The name as the server spells it.</param>
    /// <param name="method">Begins on every call, where messages are received: it must not block.</param>
    /// <exception cref="ArgumentException">There is a method of that name, or the name could never be looked up.</exception>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public JstpClientInterface MethodAsync<TResult>(string name, Func<CancellationToken, Task<TResult>> method)
    {
        ArgumentNullException.ThrowIfNull(method);

        return AddMethod(name, 0, static _ => NoArguments, (_, cancellationToken) => new ValueTask<TResult>(method(cancellationToken)));
    }

    /// <inheritdoc cref="MethodAsync{TResult}(string, Func{CancellationToken, Task{TResult}})"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public JstpClientInterface MethodAsync<T1, TResult>(string name, Func<T1, CancellationToken, Task<TResult>> method)
    {
        ArgumentNullException.ThrowIfNull(method);

        return AddMethod(name, 1, ArgumentReader.Of<T1>, (argument, cancellationToken) => new ValueTask<TResult>(method(argument, cancellationToken)));
    }

    /// <inheritdoc cref="MethodAsync{TResult}(string, Func{CancellationToken, Task{TResult}})"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public JstpClientInterface MethodAsync<T1, T2, TResult>(string name, Func<T1, T2, CancellationToken, Task<TResult>> method)
    {
        ArgumentNullException.ThrowIfNull(method);

        return AddMethod(
            name,
            2,
            ArgumentReader.Of<T1, T2>,
            (arguments, cancellationToken) => new ValueTask<TResult>(method(arguments.First, arguments.Second, cancellationToken)));
    }

    /// <inheritdoc cref="MethodAsync{TResult}(string, Func{CancellationToken, Task{TResult}})"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public JstpClientInterface MethodAsync<T1, T2, T3, TResult>(string name, Func<T1, T2, T3, CancellationToken, Task<TResult>> method)
    {
        ArgumentNullException.ThrowIfNull(method);

        return AddMethod(
            name,
            3,
            ArgumentReader.Of<T1, T2, T3>,
            (arguments, cancellationToken) => new ValueTask<TResult>(method(arguments.First, arguments.Second, arguments.Third, cancellationToken)));
    }

    /// <summary>Listens to an event. Missing arguments are undefined, further ones are ignored.</summary>
    /// <param name="name">The name as the server spells it.</param>
    /// <param name="handler">Runs on every event, where messages are received: it must not block.</param>
    /// <exception cref="ArgumentException">There is a handler of that event, or the name could never be looked up.</exception>
    public JstpClientInterface OnEvent(string name, Action handler)
    {
        ArgumentNullException.ThrowIfNull(handler);

        return AddEvent(name, _ => EventSubscriber.Create(handler));
    }

    /// <inheritdoc cref="OnEvent(string, Action)"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public JstpClientInterface OnEvent<T1>(string name, Action<T1> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);

        return AddEvent(name, options => EventSubscriber.Create(options.Serializer, handler));
    }

    /// <inheritdoc cref="OnEvent(string, Action)"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public JstpClientInterface OnEvent<T1, T2>(string name, Action<T1, T2> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);

        return AddEvent(name, options => EventSubscriber.Create(options.Serializer, handler));
    }

    /// <inheritdoc cref="OnEvent(string, Action)"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public JstpClientInterface OnEvent<T1, T2, T3>(string name, Action<T1, T2, T3> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);

        return AddEvent(name, options => EventSubscriber.Create(options.Serializer, handler));
    }

    /// <summary>Listens to an event without any conversion, for generated code.</summary>
    /// <inheritdoc cref="OnEvent(string, Action)"/>
    public JstpClientInterface OnEvent(string name, JstpEventHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);

        return AddEvent(name, _ => new EventSubscriber(handler));
    }

    internal static void ThrowIfUnusable(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);

        if (name.Length > JstpName.MaxLength || name == "__proto__")
        {
            throw new ArgumentException($"'{name}' can be no name: 1 to {JstpName.MaxLength} UTF-16 code units, and not __proto__.", nameof(name));
        }
    }

    internal ServedInterface Build(JstpClientOptions options) => new(
        new Utf8NameTable<ServedMethod>(_methods.Select(method => KeyValuePair.Create(method.Key, method.Value(options)))),
        new Utf8NameTable<EventSubscriber>(_events.Select(handler => KeyValuePair.Create(handler.Key, handler.Value(options)))));

    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    private JstpClientInterface AddMethod<TArguments, TResult>(
        string name,
        int count,
        Func<MdsfSerializer, JstpResultsReader<TArguments>> makeReader,
        Func<TArguments, CancellationToken, ValueTask<TResult>> method) =>
        AddMethod(name, options => ServedMethod.Create(count, makeReader(options.Serializer), method, options.Serializer.GetConverter<TResult>()));

    private JstpClientInterface AddMethod(string name, Func<JstpClientOptions, ServedMethod> method) => Add(_methods, "a method", name, method);

    private JstpClientInterface AddEvent(string name, Func<JstpClientOptions, EventSubscriber> handler) => Add(_events, "a handler of the event", name, handler);

    private JstpClientInterface Add<T>(List<KeyValuePair<string, T>> members, string kind, string name, T member)
    {
        ThrowIfUnusable(name);

        if (members.Exists(known => known.Key == name))
        {
            throw new ArgumentException($"The interface '{Name}' has {kind} '{name}' already.", nameof(name));
        }

        members.Add(KeyValuePair.Create(name, member));

        return this;
    }
}
