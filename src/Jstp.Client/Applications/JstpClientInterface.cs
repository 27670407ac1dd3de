using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Jstp.Client.Events;
using Jstp.Client.Remote;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Applications;

/// <summary>One interface of a <see cref="JstpClientApplication"/>: its methods and the events that it listens to.</summary>
public sealed class JstpClientInterface
{
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

        return AddMethod(name, options =>
        {
            MdsfConverter<TResult> resultConverter = options.Serializer.GetConverter<TResult>();

            return new ServedMethod(0, 0, (arguments, results, _) =>
            {
                WriteResult(results, resultConverter, method());

                return ValueTask.CompletedTask;
            });
        });
    }

    /// <inheritdoc cref="Method{TResult}(string, Func{TResult})"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public JstpClientInterface Method<T1, TResult>(string name, Func<T1, TResult> method)
    {
        ArgumentNullException.ThrowIfNull(method);

        return AddMethod(name, options =>
        {
            MdsfConverter<T1> converter1 = options.Serializer.GetConverter<T1>();
            MdsfConverter<TResult> resultConverter = options.Serializer.GetConverter<TResult>();

            return new ServedMethod(1, 1, (arguments, results, _) =>
            {
                var reader = new MdsfReader(arguments.Span);
                reader.Read();
                T1 arg1 = JstpValue.ReadNext(ref reader, converter1);
                WriteResult(results, resultConverter, method(arg1));

                return ValueTask.CompletedTask;
            });
        });
    }

    /// <inheritdoc cref="Method{TResult}(string, Func{TResult})"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public JstpClientInterface Method<T1, T2, TResult>(string name, Func<T1, T2, TResult> method)
    {
        ArgumentNullException.ThrowIfNull(method);

        return AddMethod(name, options =>
        {
            MdsfConverter<T1> converter1 = options.Serializer.GetConverter<T1>();
            MdsfConverter<T2> converter2 = options.Serializer.GetConverter<T2>();
            MdsfConverter<TResult> resultConverter = options.Serializer.GetConverter<TResult>();

            return new ServedMethod(2, 2, (arguments, results, _) =>
            {
                var reader = new MdsfReader(arguments.Span);
                reader.Read();
                T1 arg1 = JstpValue.ReadNext(ref reader, converter1);
                T2 arg2 = JstpValue.ReadNext(ref reader, converter2);
                WriteResult(results, resultConverter, method(arg1, arg2));

                return ValueTask.CompletedTask;
            });
        });
    }

    /// <inheritdoc cref="Method{TResult}(string, Func{TResult})"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public JstpClientInterface Method<T1, T2, T3, TResult>(string name, Func<T1, T2, T3, TResult> method)
    {
        ArgumentNullException.ThrowIfNull(method);

        return AddMethod(name, options =>
        {
            MdsfConverter<T1> converter1 = options.Serializer.GetConverter<T1>();
            MdsfConverter<T2> converter2 = options.Serializer.GetConverter<T2>();
            MdsfConverter<T3> converter3 = options.Serializer.GetConverter<T3>();
            MdsfConverter<TResult> resultConverter = options.Serializer.GetConverter<TResult>();

            return new ServedMethod(3, 3, (arguments, results, _) =>
            {
                var reader = new MdsfReader(arguments.Span);
                reader.Read();
                T1 arg1 = JstpValue.ReadNext(ref reader, converter1);
                T2 arg2 = JstpValue.ReadNext(ref reader, converter2);
                T3 arg3 = JstpValue.ReadNext(ref reader, converter3);
                WriteResult(results, resultConverter, method(arg1, arg2, arg3));

                return ValueTask.CompletedTask;
            });
        });
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

        return AddMethod(name, options =>
        {
            MdsfConverter<TResult> resultConverter = options.Serializer.GetConverter<TResult>();

            return new ServedMethod(0, 0, (_, results, cancellationToken) =>
            {
                return WriteResultAsync(results, resultConverter, method(cancellationToken));
            });
        });
    }

    /// <inheritdoc cref="MethodAsync{TResult}(string, Func{CancellationToken, Task{TResult}})"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public JstpClientInterface MethodAsync<T1, TResult>(string name, Func<T1, CancellationToken, Task<TResult>> method)
    {
        ArgumentNullException.ThrowIfNull(method);

        return AddMethod(name, options =>
        {
            MdsfConverter<T1> converter1 = options.Serializer.GetConverter<T1>();
            MdsfConverter<TResult> resultConverter = options.Serializer.GetConverter<TResult>();

            return new ServedMethod(1, 1, (arguments, results, cancellationToken) =>
            {
                var reader = new MdsfReader(arguments.Span);
                reader.Read();
                T1 arg1 = JstpValue.ReadNext(ref reader, converter1);

                return WriteResultAsync(results, resultConverter, method(arg1, cancellationToken));
            });
        });
    }

    /// <inheritdoc cref="MethodAsync{TResult}(string, Func{CancellationToken, Task{TResult}})"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public JstpClientInterface MethodAsync<T1, T2, TResult>(string name, Func<T1, T2, CancellationToken, Task<TResult>> method)
    {
        ArgumentNullException.ThrowIfNull(method);

        return AddMethod(name, options =>
        {
            MdsfConverter<T1> converter1 = options.Serializer.GetConverter<T1>();
            MdsfConverter<T2> converter2 = options.Serializer.GetConverter<T2>();
            MdsfConverter<TResult> resultConverter = options.Serializer.GetConverter<TResult>();

            return new ServedMethod(2, 2, (arguments, results, cancellationToken) =>
            {
                var reader = new MdsfReader(arguments.Span);
                reader.Read();
                T1 arg1 = JstpValue.ReadNext(ref reader, converter1);
                T2 arg2 = JstpValue.ReadNext(ref reader, converter2);

                return WriteResultAsync(results, resultConverter, method(arg1, arg2, cancellationToken));
            });
        });
    }

    /// <inheritdoc cref="MethodAsync{TResult}(string, Func{CancellationToken, Task{TResult}})"/>
    [RequiresUnreferencedCode(RunTimeTypes.Message)]
    [RequiresDynamicCode(RunTimeTypes.Message)]
    public JstpClientInterface MethodAsync<T1, T2, T3, TResult>(string name, Func<T1, T2, T3, CancellationToken, Task<TResult>> method)
    {
        ArgumentNullException.ThrowIfNull(method);

        return AddMethod(name, options =>
        {
            MdsfConverter<T1> converter1 = options.Serializer.GetConverter<T1>();
            MdsfConverter<T2> converter2 = options.Serializer.GetConverter<T2>();
            MdsfConverter<T3> converter3 = options.Serializer.GetConverter<T3>();
            MdsfConverter<TResult> resultConverter = options.Serializer.GetConverter<TResult>();

            return new ServedMethod(3, 3, (arguments, results, cancellationToken) =>
            {
                var reader = new MdsfReader(arguments.Span);
                reader.Read();
                T1 arg1 = JstpValue.ReadNext(ref reader, converter1);
                T2 arg2 = JstpValue.ReadNext(ref reader, converter2);
                T3 arg3 = JstpValue.ReadNext(ref reader, converter3);

                return WriteResultAsync(results, resultConverter, method(arg1, arg2, arg3, cancellationToken));
            });
        });
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

    private static void WriteResult<T>(IBufferWriter<byte> results, MdsfConverter<T> converter, T result)
    {
        var writer = new MdsfWriter(results);
        writer.WriteStartArray();
        converter.Write(ref writer, result);
        writer.WriteEndArray();
        writer.Flush();
    }

    private static async ValueTask WriteResultAsync<T>(IBufferWriter<byte> results, MdsfConverter<T> converter, Task<T> task) =>
        WriteResult(results, converter, await task.ConfigureAwait(false));

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
