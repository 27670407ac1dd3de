using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Jstp.LoadGenerator.Load;

/// <summary>
/// An edge-triggered epoll set and the two socket calls that go with it. System.Net.Sockets would cost a completion object and
/// a failed read per batch, which at millions of messages a second makes the generator the bottleneck.
/// </summary>
internal sealed unsafe class Epoll : IDisposable
{
    private const int MaxEvents = 512;

    // The kernel packs struct epoll_event on x86-64 and nowhere else.
    private static readonly int TokenOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventLength = TokenOffset + sizeof(ulong);

    private readonly int _descriptor;
    private readonly byte[] _events = new byte[MaxEvents * EventLength];

    public Epoll()
    {
        _descriptor = NativeMethods.EpollCreate(0);

        if (_descriptor < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Watches a socket for input and for room for output; <paramref name="token"/> comes back with its events.</summary>
    public void Add(Socket socket, int token)
    {
        byte* interest = stackalloc byte[EventLength];
        var span = new Span<byte>(interest, EventLength);
        uint flags = NativeMethods.EpollIn | NativeMethods.EpollOut | NativeMethods.EpollEdgeTriggered;
        MemoryMarshal.Write(span, flags);
        MemoryMarshal.Write(span[TokenOffset..], (ulong)token);

        if (NativeMethods.EpollControl(_descriptor, NativeMethods.EpollControlAdd, (int)socket.Handle, interest) < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Waits for events.</summary>
    /// <returns>How many; their tokens are read by <see cref="TokenOf"/> until the next wait.</returns>
    public int Wait(int timeoutMilliseconds)
    {
        fixed (byte* events = _events)
        {
            int count = NativeMethods.EpollWait(_descriptor, events, MaxEvents, timeoutMilliseconds);

            if (count >= 0)
            {
                return count;
            }

            int error = Marshal.GetLastPInvokeError();
            return error == NativeMethods.ErrorInterrupted ? 0 : throw new Win32Exception(error);
        }
    }

    /// <summary>The token of the event with this index.</summary>
    public int TokenOf(int index) =>
        (int)MemoryMarshal.Read<ulong>(_events.AsSpan((index * EventLength) + TokenOffset, sizeof(ulong)));

    /// <summary>Reads without waiting.</summary>
    /// <returns>Bytes read, 0 at the end of the stream, or -1 when there is nothing to read now.</returns>
    /// <exception cref="LoadException">The connection failed.</exception>
    public static int Receive(int socket, Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            return ResultOf(NativeMethods.Receive(socket, bytes, buffer.Length, NativeMethods.MessageDoNotWait));
        }
    }

    /// <summary>Writes as much as there is room for.</summary>
    /// <returns>Bytes written, or -1 when there is no room now.</returns>
    /// <exception cref="LoadException">The connection failed.</exception>
    public static int Send(int socket, ReadOnlySpan<byte> bytes)
    {
        const int Flags = NativeMethods.MessageDoNotWait | NativeMethods.MessageNoSignal;

        fixed (byte* first = bytes)
        {
            return ResultOf(NativeMethods.Send(socket, first, bytes.Length, Flags));
        }
    }

    public void Dispose() => _ = NativeMethods.Close(_descriptor);

    private static int ResultOf(nint result)
    {
        if (result >= 0)
        {
            return (int)result;
        }

        int error = Marshal.GetLastPInvokeError();
        return error is NativeMethods.ErrorTryAgain or NativeMethods.ErrorInterrupted
            ? -1
            : throw new LoadException($"A connection failed: {Marshal.GetPInvokeErrorMessage(error)}.");
    }
}
