using Microsoft.Extensions.Logging;

namespace Jstp.TestKit;

/// <summary>One line of a log.</summary>
/// <param name="Category">Who logged.</param>
/// <param name="Level">How grave it is.</param>
/// <param name="Id">The event's number and name.</param>
/// <param name="Message">The formatted text.</param>
/// <param name="Exception">The exception that came with it.</param>
public sealed record LogEntry(string Category, LogLevel Level, EventId Id, string Message, Exception? Exception);
