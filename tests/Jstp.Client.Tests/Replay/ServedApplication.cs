using System.Buffers;
using Jstp.Client.Applications;
using Jstp.Transport.Protocol;

namespace Jstp.Client.Tests.Replay;

/// <summary>The application that the client of a transcript had, as its answers show.</summary>
internal static class ServedApplication
{
    public static JstpClientApplication Create(Transcript transcript)
    {
        var application = new JstpClientApplication();
        Dictionary<(string, string), Queue<byte[]>> answers = [];

        foreach (JstpMessage call in transcript.Lines.Where(static line => line.IsOfServer).Select(static line => line.Parse()).OfType<JstpMessage>())
        {
            if (call.Kind == JstpMessageKind.Call && AnswerTo(transcript, call.Id) is { } results)
            {
                (string, string) name = (call.TargetName.ToString(), call.Name.ToString());

                if (!answers.TryGetValue(name, out Queue<byte[]>? queue))
                {
                    answers.Add(name, queue = []);
                    Add(application, name, queue);
                }

                queue.Enqueue(results);
            }
        }

        return application;
    }

    private static void Add(JstpClientApplication application, (string Interface, string Method) name, Queue<byte[]> answers) =>
        application.Interface(name.Interface).Method(name.Method, 0, int.MaxValue, (_, results, _) =>
        {
            // What was answered with error 14 once and with results before was not there any more.
            results.Write(answers.TryDequeue(out byte[]? answer) ? answer : throw new JstpException(JstpErrorCode.MethodNotFound));

            return ValueTask.CompletedTask;
        });

    /// <returns>The results; null if there are none.</returns>
    private static byte[]? AnswerTo(Transcript transcript, long id) =>
        transcript.Lines
            .Where(static line => line.IsOfClient)
            .Select(static line => line.Parse())
            .OfType<JstpMessage>()
            .Where(message => message.Kind == JstpMessageKind.Callback && message.Id == id && message.Answer == JstpAnswer.Ok)
            .Select(static message => message.Value.ToArray())
            .FirstOrDefault();
}
