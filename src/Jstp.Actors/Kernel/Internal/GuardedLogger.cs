using Microsoft.Extensions.Logging;

namespace Jstp.Actors.Kernel.Internal;

/// <summary>Keeps exceptions of log providers out of the kernel, where they would tear a turn apart half way.</summary>
internal sealed class GuardedLogger(ILogger inner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
#pragma warning disable CA1031 // A failing log provider has nobody left to be reported to.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
