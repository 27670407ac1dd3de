using System.IO.Pipelines;

namespace Jstp.Transport.WebSockets;

/// <summary>
/// The two ends of a transport, which whoever uses them through this cannot complete. Once detached it leads nowhere: an ended input, and an output that
/// swallows what it is given.
/// </summary>
internal sealed class ShieldedPipe : IDuplexPipe
{
    private readonly ShieldedReader _input;
    private readonly ShieldedWriter _output;

    public ShieldedPipe(IDuplexPipe inner)
    {
        Inner = inner;
        _input = new ShieldedReader(inner.Input);
        _output = new ShieldedWriter(inner.Output);
    }

    public IDuplexPipe Inner { get; }

    public PipeReader Input => _input;

    public PipeWriter Output => _output;

    /// <summary>Cuts the way to the transport, which somebody else uses from here on.</summary>
    public void Detach() => _input.IsDetached = _output.IsDetached = true;

    private sealed class ShieldedReader(PipeReader inner) : PipeReader
    {
        private volatile bool _isDetached;

        public bool IsDetached
        {
            set => _isDetached = value;
        }

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            if (!_isDetached)
            {
                inner.AdvanceTo(consumed, examined);
            }
        }

        public override void CancelPendingRead()
        {
            if (!_isDetached)
            {
                inner.CancelPendingRead();
            }
        }

        public override void Complete(Exception? exception = null)
        {
            // The middleware does, when nobody wants to go on.
        }

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
            => _isDetached ? new ValueTask<ReadResult>(End) : inner.ReadAsync(cancellationToken);

        public override bool TryRead(out ReadResult result)
        {
            if (!_isDetached)
            {
                return inner.TryRead(out result);
            }

            result = End;
            return true;
        }

        private static ReadResult End => new(default, isCanceled: false, isCompleted: true);
    }

    private sealed class ShieldedWriter(PipeWriter inner) : PipeWriter
    {
        private volatile bool _isDetached;

        public bool IsDetached
        {
            set => _isDetached = value;
        }

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => _isDetached ? 0 : inner.UnflushedBytes;

        public override void Advance(int bytes)
        {
            if (!_isDetached)
            {
                inner.Advance(bytes);
            }
        }

        public override void CancelPendingFlush()
        {
            if (!_isDetached)
            {
                inner.CancelPendingFlush();
            }
        }

        public override void Complete(Exception? exception = null)
        {
            // The middleware does, when nobody wants to go on.
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
            => _isDetached ? default : inner.FlushAsync(cancellationToken);

        public override Memory<byte> GetMemory(int sizeHint = 0) => _isDetached ? new byte[Math.Max(sizeHint, 1)] : inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
            => _isDetached ? default : inner.WriteAsync(source, cancellationToken);
    }
}
