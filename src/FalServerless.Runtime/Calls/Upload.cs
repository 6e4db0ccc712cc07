using System.Buffers;
using System.IO.Pipelines;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;

namespace FalServerless.Runtime.Calls;

/// <summary>
/// A payload too large to be held here: it stays in its client's connection, which then sends no more, until a worker has the call. Then it
/// passes through in pieces. The last piece is sent when it is known to be the last, so a body runs only on a whole payload.
/// </summary>
/// <param name="body">Its next byte is the payload's first.</param>
/// <param name="length">What the client announced.</param>
/// <param name="broken">Called when the client's connection breaks, or sends another length: then with the refusal.</param>
internal sealed class Upload(PipeReader body, int length, Action<Refusal?> broken) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _starting = new();
    private Task _passing = Task.CompletedTask;
    private volatile bool _complete;
    private bool _closed;

    public int Length => length;

    /// <summary>Whether the worker has all of it.</summary>
    public bool IsComplete => _complete;

    /// <summary>Passes the payload on to the worker, no faster than that reads.</summary>
    public void Start(ICallWorker worker, Guid id)
    {
        lock (_starting)
        {
            if (!_closed)
            {
                _passing = Task.Run(() => PassAsync(worker, id));
            }
        }
    }

    /// <summary>The rest is no longer needed.</summary>
    public void Stop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The request is over.
        }
    }

    /// <summary>The connection is about to be used for something else. Waits until it is no longer read here.</summary>
    public Task CloseAsync()
    {
        lock (_starting)
        {
            _closed = true;
        }

        Stop();
        return _passing;
    }

    public void Dispose() => _stop.Dispose();

    private async Task PassAsync(ICallWorker worker, Guid id)
    {
        try
        {
            for (var left = (long)length; left > 0; )
            {
                var read = await body.ReadAsync(_stop.Token);
                var passed = Passable(read, left);
                if (passed < 0)
                {
                    var announced =
                        $"A call announces a payload of {length} bytes, and "
                        + $"{(read.Buffer.Length > left ? "more" : $"{length - left + read.Buffer.Length}")} came.";
                    body.AdvanceTo(read.Buffer.End);
                    broken(new() { Reason = RefusalReason.Protocol, Message = announced });
                    return;
                }

                if (passed == left)
                {
                    _complete = true;
                }

                if (passed > 0 && !await WriteAsync(worker, id, read.Buffer.Slice(0, passed)))
                {
                    body.AdvanceTo(read.Buffer.Start);
                    return;
                }

                left -= passed;
                body.AdvanceTo(read.Buffer.GetPosition(passed), read.Buffer.End);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested) { }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            broken(null);
        }
    }

    // How much of what is there may go; negative when it is not what was announced.
    private static long Passable(in ReadResult read, long left) =>
        read.Buffer.Length > left || (read.IsCompleted && read.Buffer.Length < left) ? -1
        : read.Buffer.Length == left && !read.IsCompleted ? Math.Max(0, left - 1)
        : read.Buffer.Length;

    private async ValueTask<bool> WriteAsync(ICallWorker worker, Guid id, ReadOnlySequence<byte> bytes)
    {
        while (!bytes.IsEmpty && !_stop.IsCancellationRequested)
        {
            var piece = bytes.Slice(0, Math.Min(ProtocolLimits.Chunk, bytes.Length));
            if (!await worker.TrySendInputAsync(id, piece, _stop.Token))
            {
                return false;
            }

            bytes = bytes.Slice(piece.Length);
        }

        return bytes.IsEmpty;
    }
}
