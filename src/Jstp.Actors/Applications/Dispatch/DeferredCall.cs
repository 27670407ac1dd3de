using System.Buffers;
using Jstp.Transport.Mdsf;

namespace Jstp.Actors.Applications.Dispatch;

/// <summary>A call, or an event, whose task outlives the turn that started it. Completes on whatever thread the task does.</summary>
internal sealed class DeferredCall(
    ICallHost host, CallTicket ticket, string interfaceName, string member, IAsyncDisposable? scope, int maxAnswerLength)
{
    /// <summary>Waits for the task and sends its outcome, if anybody waits for it. Never fails.</summary>
    public async Task CompleteAsync<T>(ValueTask<T> task, ResultWriter<T> writer)
    {
        var output = new ArrayBufferWriter<byte>();

        try
        {
            T value = await EndAsync(task);

            if (ticket.CallId is { } callId)
            {
                bool nothing = value is MdsfValue { Kind: MdsfValueKind.Undefined };
                Report(AnswerEncoder.TryWriteResult(output, callId, value, nothing ? static (ref MdsfWriter _, T _) => { } : writer, maxAnswerLength));
            }
        }
#pragma warning disable CA1031 // the end of the application's code, as in CallFrame
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Report(ticket.CallId is { } callId ? AnswerEncoder.WriteFailure(output, callId, exception, maxAnswerLength) : exception);
        }

        ticket.Connection.Answer(ticket, output.WrittenMemory);
    }

    private async ValueTask<T> EndAsync<T>(ValueTask<T> task)
    {
        try
        {
            return await task;
        }
        finally
        {
            if (scope is not null)
            {
                await scope.DisposeAsync();
            }
        }
    }

    private void Report(Exception? exception)
    {
        if (exception is not null)
        {
            host.ReportFault(interfaceName, member, exception);
        }
    }
}
