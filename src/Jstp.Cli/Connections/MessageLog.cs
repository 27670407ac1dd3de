using Jstp.Cli.Output;
using Microsoft.Extensions.Logging;

namespace Jstp.Cli.Connections;

/// <summary>Shows the client's log, messages included, on the error output. Handshakes, which hold secrets, are never in it.</summary>
internal sealed class MessageLog(CliConsole console) : ILoggerFactory, ILogger
{
    private const string Received = "Received ";
    private const string Sent = "Sent ";

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string text = formatter(state, exception);
        console.WriteNotice(logLevel switch
        {
            LogLevel.Trace when text.StartsWith(Received, StringComparison.Ordinal) => $"<- {text[Received.Length..]}",
            LogLevel.Trace when text.StartsWith(Sent, StringComparison.Ordinal) => $"-> {text[Sent.Length..]}",
            _ => exception is null ? $"-- {text}" : $"-- {text} {exception.Message}",
        });
    }
}
