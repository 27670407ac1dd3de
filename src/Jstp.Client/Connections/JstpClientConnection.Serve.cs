using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Jstp.Client.Applications;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Connections;

// Calls and inspects of the server (protocol page, sections 6 and 8).
public sealed partial class JstpClientConnection
{
    private readonly Utf8NameTable<ServedInterface> _served;
    private int _runningCalls;

    private void HandleCall(Link link, in JstpMessage message)
    {
        // In this order: protocol page, section 6.
        if (!message.HasArguments)
        {
            AnswerError(link, message.Id, JstpErrorCode.InvalidSignature);
        }
        else if (!_served.TryGetValue(message.TargetName, out ServedInterface? @interface))
        {
            AnswerError(link, message.Id, JstpErrorCode.InterfaceNotFound);
        }
        else if (!@interface.Methods.TryGetValue(message.Name, out ServedMethod? method))
        {
            AnswerError(link, message.Id, JstpErrorCode.MethodNotFound);
        }
        else if (!method.Accepts(message.ArgumentCount))
        {
            AnswerError(link, message.Id, JstpErrorCode.InvalidSignature);
        }
        else if (Volatile.Read(ref _runningCalls) >= Options.MaxRunningCalls)
        {
            LogTooManyCalls(Options.MaxRunningCalls);
            AnswerError(link, message.Id, JstpErrorCode.InternalApiError);
        }
        else
        {
            link.SuspendBatch();
            Interlocked.Increment(ref _runningCalls);
            _ = RunAsync(link, message.Id, method, message.Value.ToArray(), new MethodName(message.TargetName.ToString(), message.Name.ToString()));
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Code of the application, whose faults are answered, logged and end nothing of ours.")]
    private async Task RunAsync(Link link, long id, ServedMethod method, byte[] arguments, MethodName name)
    {
        JstpError error;

        try
        {
            var results = new ArrayBufferWriter<byte>();
            await method.Invoke(arguments, results, _closing.Token).ConfigureAwait(false);
            SendUnkept(link, static (scratch, answer) => JstpMessageWriter.WriteResults(scratch, answer.Id, answer.Results), (Id: id, Results: Written(results)));

            return;
        }
        catch (JstpException exception)
        {
            error = JstpError.FromException(exception);
        }
        catch (MdsfConversionException)
        {
            error = JstpError.FromCode(JstpErrorCode.InvalidSignature);
        }
        catch (Exception exception)
        {
            LogMethodFault(name.Interface, name.Method, exception);
            error = JstpError.FromCode(JstpErrorCode.InternalApiError);
        }
        finally
        {
            Interlocked.Decrement(ref _runningCalls);
        }

        SendUnkept(link, static (scratch, answer) => JstpMessageWriter.WriteCallbackError(scratch, answer.Id, answer.Error), (Id: id, Error: error));
    }

    private static byte[] Written(ArrayBufferWriter<byte> results) => results.WrittenCount == 0 ? "[]"u8.ToArray() : results.WrittenSpan.ToArray();

    private void HandleInspect(Link link, in JstpMessage message)
    {
        if (_served.TryGetValue(message.TargetName, out ServedInterface? @interface))
        {
            SendUnkept(
                link, static (scratch, answer) => JstpMessageWriter.WriteMethodNames(scratch, answer.Id, answer.Names), (message.Id, Names: @interface.Methods.Names));
        }
        else
        {
            AnswerError(link, message.Id, JstpErrorCode.InterfaceNotFound);
        }
    }

    private void AnswerError(Link link, long id, int code) =>
        SendUnkept(link, static (scratch, answer) => JstpMessageWriter.WriteCallbackError(scratch, answer.Id, answer.Code), (Id: id, Code: code));

    private void AnswerPing(Link link, long id) => SendUnkept(link, static (scratch, ping) => JstpMessageWriter.WritePong(scratch, ping), id);

    // To the link that the question came by, or to nobody: a server that reuses ids (D1) would take a late answer for that of another call.
    private void SendUnkept<TState>(Link link, Action<ArrayBufferWriter<byte>, TState> write, TState state)
    {
        ArrayBufferWriter<byte> scratch = TextScratch.Rent();
        write(scratch, state);
        bool isSent;
        bool mustFlush = false;

        lock (_gate)
        {
            isSent = _link == link;

            if (isSent)
            {
                _session.Window.AddUnkept(scratch.WrittenSpan);
                mustFlush = link.MustFlushLocked();
            }
        }

        TextScratch.Return(scratch);

        if (mustFlush)
        {
            link.Flush(isAlone: false);
        }
        else if (!isSent)
        {
            LogAnswerDropped();
        }
    }

    private readonly record struct MethodName(string Interface, string Method);
}
