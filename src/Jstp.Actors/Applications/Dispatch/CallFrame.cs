using System.Buffers;
using System.Diagnostics;
using Jstp.Actors.Connections;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Applications.Dispatch;

/// <summary>
/// One call or event on its way through a user's method: hands the arguments in, takes the outcome, and sees to it that a call is answered exactly
/// once. Borrowed for the time of a dispatch.
/// </summary>
internal sealed class CallFrame
{
    private readonly record struct NoResult;

    private static readonly ResultWriter<NoResult> NoResultWriter = static (ref MdsfWriter _, NoResult _) => { };

    // The message reader has accepted the arguments, with limits that are not known here.
    private static readonly MdsfReaderOptions AcceptedLimits = new() { MaxDepth = int.MaxValue, MaxValueCount = int.MaxValue };

    [ThreadStatic]
    private static CallFrame? _kept;

    private ICallHost _host = null!;
    private string _interfaceName = null!;
    private JstpMethod _method = null!;
    private long? _callId; // null for an event, which nobody answers
    private IAsyncDisposable? _scope;
    private bool _argumentsEnded;
    private int _maxAnswerLength;

    /// <summary>Whose call it is.</summary>
    public JstpConnection Connection { get; private set; } = null!;

    /// <summary>Ends with the session.</summary>
    public CancellationToken CancellationToken => Connection.SessionEnded;

    /// <summary>Runs a method and answers, at once or when its task completes.</summary>
    public static void RunCall(
        ICallHost host, JstpConnection connection, string interfaceName, JstpMethod method, long callId, ReadOnlyMemory<byte> arguments, int maxAnswerLength) =>
        Run(host, connection, interfaceName, method, callId, arguments, maxAnswerLength);

    /// <summary>Runs an event handler.</summary>
    public static void RunEvent(
        ICallHost host, JstpConnection connection, string interfaceName, JstpMethod handler, ReadOnlyMemory<byte> arguments) =>
        Run(host, connection, interfaceName, handler, callId: null, arguments, maxAnswerLength: 0);

    /// <summary>Reads the next argument; one that a client left out of an event is undefined.</summary>
    public T Next<T>(ref MdsfReader arguments, MdsfConverter<T> converter)
    {
        if (MoveNext(ref arguments))
        {
            return Convert(ref arguments, converter);
        }

        var undefined = new MdsfReader("undefined"u8);
        undefined.Read();

        return Convert(ref undefined, converter);
    }

    /// <summary>Reads the next argument, or returns <paramref name="fallback"/> where it is missing or undefined, as JavaScript does.</summary>
    public T NextOr<T>(ref MdsfReader arguments, MdsfConverter<T> converter, T fallback) =>
        MoveNext(ref arguments) && arguments.TokenType != MdsfTokenType.Undefined ? Convert(ref arguments, converter) : fallback;

    /// <summary>Reads all further arguments.</summary>
    public T[] Rest<T>(ref MdsfReader arguments, MdsfConverter<T> converter)
    {
        List<T> rest = [];

        while (MoveNext(ref arguments))
        {
            rest.Add(Convert(ref arguments, converter));
        }

        return [.. rest];
    }

    /// <summary>Ends the call with no result.</summary>
    public void Return() => ReturnValue(default, NoResultWriter);

    /// <summary>Ends the call with the results that <paramref name="value"/> stands for.</summary>
    public void ReturnValue<T>(T value, ResultWriter<T> writer)
    {
        if (_callId is { } callId)
        {
            ArrayBufferWriter<byte> scratch = TextScratch.Rent();
            Report(AnswerEncoder.TryWriteResult(scratch, callId, value, writer, _maxAnswerLength));
            _host.Answer(scratch.WrittenSpan);
            TextScratch.Return(scratch);
        }
    }

    /// <summary>Ends the call when the task does.</summary>
    public void ReturnTask(ValueTask task)
    {
        if (task.IsCompletedSuccessfully)
        {
            task.GetAwaiter().GetResult(); // a pooled source is to be consumed
            Return();
        }
        else
        {
            Defer(AwaitNothingAsync(task), NoResultWriter);
        }
    }

    /// <inheritdoc cref="ReturnTask(ValueTask)"/>
    public void ReturnTask(Task task) => ReturnTask(new ValueTask(task));

    /// <inheritdoc cref="ReturnTask(ValueTask)"/>
    public void ReturnTaskOf<T>(Task<T> task, ResultWriter<T> writer) => ReturnValueTaskOf(new ValueTask<T>(task), writer);

    /// <inheritdoc cref="ReturnTask(ValueTask)"/>
    public void ReturnValueTaskOf<T>(ValueTask<T> task, ResultWriter<T> writer)
    {
        if (!task.IsCompletedSuccessfully)
        {
            Defer(task, writer);
        }
        else
        {
            ReturnTaskResult(task.Result, writer);
        }
    }

    private static void Run(
        ICallHost host,
        JstpConnection connection,
        string interfaceName,
        JstpMethod method,
        long? callId,
        ReadOnlyMemory<byte> arguments,
        int maxAnswerLength)
    {
        CallFrame frame = _kept ?? new CallFrame();
        _kept = null; // a method whose code runs another connection's turn must not meet its own frame there
        frame._host = host;
        frame._interfaceName = interfaceName;
        frame._method = method;
        frame._callId = callId;
        frame._scope = null;
        frame._argumentsEnded = false;
        frame._maxAnswerLength = maxAnswerLength;
        frame.Connection = connection;
        frame.Invoke(arguments);
        frame._host = null!;
        frame.Connection = null!;
        _kept = frame;
    }

    private void Invoke(ReadOnlyMemory<byte> arguments)
    {
        try
        {
            object target = _method.Target.Get(out _scope);
            var reader = new MdsfReader(arguments.Span, AcceptedLimits);
            reader.Read();
            Debug.Assert(reader.TokenType == MdsfTokenType.StartArray, "Only arrays are dispatched.");
            _method.Invoke(target, ref reader, this);
        }
#pragma warning disable CA1031 // the end of the application's code: whatever it throws ends this call and nothing else (protocol page, D6)
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(exception);
        }

        if (_scope is not null)
        {
            _ = DisposeScopeAsync(_scope, _host, _interfaceName, _method.Name);
        }
    }

    private bool MoveNext(ref MdsfReader arguments)
    {
        if (_argumentsEnded)
        {
            return false;
        }

        arguments.Read();
        _argumentsEnded = arguments.TokenType == MdsfTokenType.EndArray; // converters leave the reader on the last token of their value

        return !_argumentsEnded;
    }

    private static T Convert<T>(ref MdsfReader argument, MdsfConverter<T> converter)
    {
        try
        {
            return converter.Read(ref argument);
        }
        catch (MdsfConversionException exception)
        {
            throw new ArgumentBindingException(exception.Message, exception);
        }
    }

    // A task without a value, or with undefined, answers as a method without result (protocol page, section 6).
    private void ReturnTaskResult<T>(T value, ResultWriter<T> writer)
    {
        if (value is MdsfValue { Kind: MdsfValueKind.Undefined })
        {
            Return();
        }
        else
        {
            ReturnValue(value, writer);
        }
    }

    private void Fail(Exception exception)
    {
        if (_callId is not { } callId)
        {
            Report(exception);

            return;
        }

        ArrayBufferWriter<byte> scratch = TextScratch.Rent();
        Report(AnswerEncoder.WriteFailure(scratch, callId, exception, _maxAnswerLength));
        _host.Answer(scratch.WrittenSpan);
        TextScratch.Return(scratch);
    }

    private void Report(Exception? exception)
    {
        if (exception is not null)
        {
            _host.ReportFault(_interfaceName, _method.Name, exception);
        }
    }

    private void Defer<T>(ValueTask<T> task, ResultWriter<T> writer)
    {
        var deferred = new DeferredCall(
            _host, _host.Defer(_callId), _interfaceName, _method.Name, _scope, _maxAnswerLength);
        _scope = null; // it is disposed when the task ends
        _ = deferred.CompleteAsync(task, writer);
    }

    private static async ValueTask<NoResult> AwaitNothingAsync(ValueTask task)
    {
        await task;

        return default;
    }

    private static async Task DisposeScopeAsync(IAsyncDisposable scope, ICallHost host, string interfaceName, string member)
    {
        try
        {
            await scope.DisposeAsync();
        }
#pragma warning disable CA1031 // the application's code, whose caller has its answer already
        catch (Exception exception)
#pragma warning restore CA1031
        {
            host.ReportFault(interfaceName, member, exception);
        }
    }
}
