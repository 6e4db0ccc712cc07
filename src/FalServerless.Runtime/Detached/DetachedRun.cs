using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;

namespace FalServerless.Runtime.Detached;

/// <summary>A detached call that the scheduler has, or gets again.</summary>
internal sealed class DetachedRun(DetachedCall call, EventsFile events) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _waiting = new();
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HostCall? _current;
    private Refusal? _cancelled;

    /// <summary>As it stands in the store.</summary>
    public DetachedCall Call { get; set; } = call;

    public EventsFile Events => events;

    /// <summary>Completes when the call has ended, or the host has let go of it.</summary>
    public Task Over => _over.Task;

    /// <summary>Ends a wait between two tries.</summary>
    public CancellationToken Cancellation => _waiting.Token;

    /// <summary>
    /// Whether a worker was there for it, and did not get it: the host is about to end, or could not note that the call begins.
    /// </summary>
    public bool IsHeldBack { get; set; }

    /// <summary>Why it was cancelled; null while it is not.</summary>
    public Refusal? Cancelled
    {
        get
        {
            lock (_lock)
            {
                return _cancelled;
            }
        }
    }

    /// <summary>What the scheduler has of it at this moment.</summary>
    public HostCall? Current
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    /// <returns>False when the call was cancelled; then the scheduler must not get it.</returns>
    public bool TryBegin(HostCall current)
    {
        lock (_lock)
        {
            _current = _cancelled is null ? current : null;
            return _current is not null;
        }
    }

    /// <summary>Has nothing of the call begin any more.</summary>
    /// <returns>What the scheduler has of it.</returns>
    public HostCall? Cancel(Refusal refusal)
    {
        HostCall? current;
        lock (_lock)
        {
            _cancelled ??= refusal;
            current = _current;
        }

        _waiting.Cancel();
        return current;
    }

    public void SetOver() => _over.TrySetResult();

    public void Dispose()
    {
        events.Dispose();
        _waiting.Dispose();
    }
}
