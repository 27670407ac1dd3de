using System.Threading.Channels;
using Spectre.Console;

namespace Jstp.Cli.Tests.Support;

/// <summary>A keyboard.</summary>
internal sealed class TypedKeys : IAnsiConsoleInput
{
    private readonly Channel<ConsoleKeyInfo> _keys = Channel.CreateUnbounded<ConsoleKeyInfo>();

    public void Type(string text)
    {
        foreach (char c in text)
        {
            _keys.Writer.TryWrite(new ConsoleKeyInfo(c, ConsoleKey.None, shift: false, alt: false, control: false));
        }
    }

    public void Press(params ReadOnlySpan<ConsoleKey> keys) => Press(isControl: false, keys);

    public void PressControl(params ReadOnlySpan<ConsoleKey> keys) => Press(isControl: true, keys);

    public bool IsKeyAvailable() => _keys.Reader.Count > 0;

    public ConsoleKeyInfo? ReadKey(bool intercept) => throw new NotSupportedException("Nobody waits for keys on a thread.");

    public async Task<ConsoleKeyInfo?> ReadKeyAsync(bool intercept, CancellationToken cancellationToken)
    {
        try
        {
            return await _keys.Reader.ReadAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return null; // as the real one
        }
    }

    private void Press(bool isControl, ReadOnlySpan<ConsoleKey> keys)
    {
        foreach (ConsoleKey key in keys)
        {
            _keys.Writer.TryWrite(new ConsoleKeyInfo('\0', key, shift: false, alt: false, control: isControl));
        }
    }
}
