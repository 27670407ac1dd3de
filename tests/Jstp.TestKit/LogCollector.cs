using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Jstp.TestKit;

/// <summary>
/// Keeps everything that is logged. Errors that a test did not announce with <see cref="Allow(int)"/> fail it in
/// <see cref="ThrowOnUnexpected"/>, so that nothing goes wrong unnoticed.
/// </summary>
public sealed class LogCollector : ILoggerFactory
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();
    private readonly ConcurrentQueue<Func<LogEntry, bool>> _allowed = new();

    /// <summary>What was logged so far, oldest first.</summary>
    public IReadOnlyList<LogEntry> Entries => [.. _entries];

    /// <summary>Announces errors with this event number.</summary>
    public void Allow(int eventId) => Allow(entry => entry.Id.Id == eventId);

    /// <summary>Announces errors that match.</summary>
    public void Allow(Func<LogEntry, bool> match) => _allowed.Enqueue(match);

    /// <summary>The lines with this event number, oldest first.</summary>
    public IReadOnlyList<LogEntry> WithId(int eventId) => [.. _entries.Where(entry => entry.Id.Id == eventId)];

    /// <summary>Waits for a line with this event number.</summary>
    public Task WaitForAsync(int eventId) => Patience.UntilAsync(() => WithId(eventId).Count > 0, $"a log entry with id {eventId}");

    /// <exception cref="TestKitException">Something logged an error, or worse, that was not announced.</exception>
    public void ThrowOnUnexpected()
    {
        LogEntry[] unexpected = [.. _entries.Where(entry => entry.Level >= LogLevel.Error && !_allowed.Any(match => match(entry)))];

        if (unexpected.Length > 0)
        {
            throw new TestKitException($"Unexpected errors were logged:\n{string.Join('\n', unexpected.AsEnumerable())}");
        }
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    /// <summary>Not supported: the collector is the only provider.</summary>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("A log collector takes no providers.");

    /// <summary>Does nothing; the entries stay readable.</summary>
    public void Dispose()
    {
    }

    private sealed class Logger(LogCollector collector, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            collector._entries.Enqueue(new LogEntry(category, logLevel, eventId, formatter(state, exception), exception));
    }
}
