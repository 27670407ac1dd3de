using System.Buffers;
using Jstp.Transport.Mdsf;
using Jstp.Transport.Protocol;

namespace Jstp.Actors.Applications.Dispatch;

/// <summary>Writes the callback messages that end calls.</summary>
internal static class AnswerEncoder
{
    /// <summary>Writes what a method returned, or error 16 if that cannot be written or is too long to be sent.</summary>
    /// <returns>Null, or why the result could not be written.</returns>
    public static Exception? TryWriteResult<T>(ArrayBufferWriter<byte> output, long callId, T value, ResultWriter<T> results, int maxLength)
    {
        try
        {
            var writer = new MdsfWriter(output);
            JstpMessageWriter.BeginResults(ref writer, callId);
            results(ref writer, value);
            JstpMessageWriter.EndArguments(ref writer);
            writer.Flush();

            if (output.WrittenCount <= maxLength)
            {
                return null;
            }

            throw new InvalidOperationException($"The answer has {output.WrittenCount} bytes, more than the {maxLength} that a message may have.");
        }
#pragma warning disable CA1031 // converters run the application's code; whatever they throw must be answered
        catch (Exception exception)
#pragma warning restore CA1031
        {
            output.ResetWrittenCount();
            JstpMessageWriter.WriteCallbackError(output, callId, JstpErrorCode.InternalApiError);

            return exception;
        }
    }

    /// <summary>Writes why a method failed: its own error if it raised one, else 17 for unfit arguments, else 16 (protocol page, sections 6 and 7).</summary>
    /// <returns>Null, or the exception if the client is not told of it.</returns>
    public static Exception? WriteFailure(ArrayBufferWriter<byte> output, long callId, Exception exception, int maxLength)
    {
        switch (exception)
        {
            case JstpException error:
                JstpMessageWriter.WriteCallbackError(output, callId, JstpError.FromException(error));

                if (output.WrittenCount <= maxLength)
                {
                    return null;
                }

                output.ResetWrittenCount(); // no client would take it
                JstpMessageWriter.WriteCallbackError(output, callId, JstpErrorCode.InternalApiError);
                return exception;
            case ArgumentBindingException:
                JstpMessageWriter.WriteCallbackError(output, callId, JstpErrorCode.InvalidSignature);
                return null;
            default:
                JstpMessageWriter.WriteCallbackError(output, callId, JstpErrorCode.InternalApiError);
                return exception;
        }
    }
}
