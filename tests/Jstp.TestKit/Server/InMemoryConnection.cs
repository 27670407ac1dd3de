using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Net;
using Jstp.Transport.WebSockets;
using Microsoft.AspNetCore.Connections;

namespace Jstp.TestKit.Server;

/// <summary>
/// A connection without a network: two pipes. The server's reads complete on the thread that sends, as Kestrel's do with inline scheduling, so what a
/// message sets off has mostly happened when sending it returns. The peer's reads complete on the thread pool, never inside a turn of the server.
/// </summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "A source without a timer holds nothing that would have to be released.")]
internal sealed class InMemoryConnection : UpgradedConnection
{
    private static readonly EndPoint ClientEndPoint = new IPEndPoint(IPAddress.Loopback, 50_000);

    private readonly Lock _sending = new(); // a pipe's writer must not be completed while it is written to
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Pipe _toServer;
    private readonly Pipe _toClient;
    private bool _inputEnded;

    private InMemoryConnection(Pipe toServer, Pipe toClient)
        : base(new DuplexPipe(toServer.Reader, toClient.Writer), ClientEndPoint, localEndPoint: null)
    {
        _toServer = toServer;
        _toClient = toClient;
    }

    /// <summary>Whether the server has cut the connection off.</summary>
    public bool IsAborted { get; private set; }

    /// <summary>Completes when the server has ended the connection in order.</summary>
    public Task Completed => _completed.Task;

    public override CancellationToken Closed => _closed.Token;

    /// <summary>What the server has sent.</summary>
    public PipeReader Received => _toClient.Reader;

    /// <param name="outputCapacity">Bytes that the server may have on the way before the client is behind.</param>
    public static InMemoryConnection Create(int outputCapacity = 64 * 1024)
    {
        var toServer = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.ThreadPool, pauseWriterThreshold: 0, useSynchronizationContext: false));
        var toClient = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.ThreadPool,
            writerScheduler: PipeScheduler.ThreadPool,
            pauseWriterThreshold: outputCapacity,
            resumeWriterThreshold: outputCapacity / 2,
            useSynchronizationContext: false));

        return new InMemoryConnection(toServer, toClient);
    }

    /// <summary>Sends bytes to the server; bytes for a connection that has ended are lost, as on a network.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        lock (_sending)
        {
            if (!_inputEnded)
            {
                _toServer.Writer.Write(bytes);
                ValueTask<FlushResult> flush = _toServer.Writer.FlushAsync();
                _ = flush.AsTask();
            }
        }
    }

    /// <summary>Ends the client's direction in order, or by <paramref name="error"/>; the server can still send.</summary>
    public void EndInput(Exception? error = null)
    {
        lock (_sending)
        {
            if (!_inputEnded)
            {
                _inputEnded = true;
                _toServer.Writer.Complete(error);
            }
        }
    }

    /// <summary>The client is gone: nothing arrives from it any more, and nothing reaches it.</summary>
    public void Lose(Exception? error = null)
    {
        _closed.Cancel();
        EndInput(error);
        _toClient.Reader.Complete();
    }

    public override void Abort()
    {
        IsAborted = true;
        _closed.Cancel();
        EndInput(new ConnectionAbortedException());
        _toClient.Reader.CancelPendingRead();
    }

    public override ValueTask CompleteAsync(TimeSpan timeout, TimeProvider timeProvider)
    {
        _toClient.Writer.Complete();
        _toServer.Reader.Complete();
        _completed.TrySetResult();

        return ValueTask.CompletedTask;
    }

    private sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input { get; } = input;

        public PipeWriter Output { get; } = output;
    }
}
