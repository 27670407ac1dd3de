using System.IO.Compression;

namespace Jstp.Transport.WebSockets.Compression;

/// <summary>Inflates messages (RFC 7692, 7.2.2). Not thread-safe. Any window of the peer's will do, as ours is the largest.</summary>
/// <remarks>
/// A block marked as the final one may stand anywhere in a message (RFC 7692, 7.2.3.4), and says nothing there. The framework's inflater takes it for the
/// end, and does not tell where it was. So the part that ended is inflated once more, its last piece byte by byte, to learn that; and what follows goes to
/// a fresh inflater that is given the same window.
/// </remarks>
internal sealed class MessageInflater(bool keepsContext) : IDisposable
{
    /// <summary>Final blocks that one message may have: each costs two inflaters, so a message of nothing else must not occupy its thread for long.</summary>
    public const int MaxFinalBlocks = 1024;

    private const int SmallestStep = 256;
    private const int LargestStep = 64 * 1024;

    private readonly InflateSource _source = new();
    private readonly InflateWindow _window = new(); // of what was before the part of the message that is being inflated
    private DeflateStream? _inflate;

    /// <summary>Inflates a message; never more than one step past the limit.</summary>
    /// <param name="message">What was on the wire.</param>
    /// <param name="limit">Bytes that the message may have.</param>
    /// <param name="output">Empty; receives the message. The caller clears it.</param>
    public InflateStatus Inflate(ReadOnlyMemory<byte> message, long limit, ref PooledBuffer output)
    {
        try
        {
            return InflateParts(message, limit, ref output);
        }
        catch (InvalidDataException)
        {
            return InflateStatus.Invalid;
        }
        finally
        {
            _source.End();

            if (!keepsContext)
            {
                Dispose();
                _window.Clear();
            }
        }
    }

    public void Dispose()
    {
        _inflate?.Dispose();
        _inflate = null;
    }

    /// <summary>Inflates from final block to final block; nearly always there is none.</summary>
    private InflateStatus InflateParts(ReadOnlyMemory<byte> message, long limit, ref PooledBuffer output)
    {
        for (int finalBlocks = 0; finalBlocks <= MaxFinalBlocks; finalBlocks++)
        {
            int before = output.Length;
            _source.Begin(message);
            _inflate ??= Begin();
            InflateStatus status = InflateAll(_inflate, limit, ref output);

            if (status is not InflateStatus.Complete)
            {
                return status;
            }

            if (_source.WasExhausted)
            {
                AppendToWindow(output.Memory.Span[before..], needed: keepsContext);
                return InflateStatus.Complete;
            }

            int end = FindEnd(message, _source.GivenBeforeLast);
            AppendToWindow(output.Memory.Span[before..], needed: true);
            Renew();

            if (end >= message.Length)
            {
                return InflateStatus.Complete; // the final block was the last, with or without the tail
            }

            message = message[end..];
        }

        return InflateStatus.Invalid;
    }

    private DeflateStream Begin() => new(_source, CompressionMode.Decompress, leaveOpen: true);

    /// <summary>Puts a fresh inflater with the present window in the place of one that has ended.</summary>
    private void Renew()
    {
        Dispose();
        _inflate = BeginWithWindow();
    }

    private DeflateStream BeginWithWindow()
    {
        (byte[] block, int length) = _window.ToStoredBlock();
        _source.Begin(block);
        DeflateStream inflate = Begin();

        if (length > 0)
        {
            inflate.ReadExactly(new byte[length]);
        }

        return inflate;
    }

    /// <summary>Where the final block ended that ended the inflater.</summary>
    /// <param name="message">The rest of the message that the inflater began with.</param>
    /// <param name="certain">Bytes of it that were used up.</param>
    private int FindEnd(ReadOnlyMemory<byte> message, int certain)
    {
        using DeflateStream again = BeginWithWindow();
        _source.Begin(message, unitsFrom: certain);
        byte[] ignored = new byte[SmallestStep];

        while (again.Read(ignored) > 0)
        {
            // Only how much it takes is of interest.
        }

        return _source.Given;
    }

    private void AppendToWindow(ReadOnlySpan<byte> inflated, bool needed)
    {
        if (needed)
        {
            _window.Append(inflated);
        }
    }

    private static InflateStatus InflateAll(DeflateStream inflate, long limit, ref PooledBuffer output)
    {
        while (true)
        {
            // One byte past the limit, to tell a message that has exactly its size from one that goes on.
            long room = limit + 1 - output.Length;
            int step = (int)Math.Min(room, Math.Clamp(output.Length, SmallestStep, LargestStep));
            int read = inflate.Read(output.GetSpan(step)[..step]);
            output.Advance(read);

            if (output.Length > limit)
            {
                return InflateStatus.TooLarge;
            }

            if (read == 0)
            {
                return InflateStatus.Complete;
            }
        }
    }
}
