using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;

namespace FalServerless.Runtime.Calls;

/// <summary>
/// The calls of a host by their ids: those that go on and, for a while, those that are over. So a request that is sent again finds its
/// call, and no body runs twice. A call whose connection broke continues for a while without one.
/// </summary>
internal sealed class Invocations(ICallScheduler scheduler, TimeProvider time) : IDisposable
{
    /// <summary>
    /// How long a call waits for its caller to come back: long enough for several attempts, short enough that little runs without a caller.
    /// </summary>
    private static readonly TimeSpan DetachedLimit = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, HostCall> _live = [];
    private readonly Dictionary<HostCall, long> _detached = [];
    private readonly Outcomes _outcomes = new(time);
    private ITimer? _sweep;
    private bool _sweeping;
    private bool _disposed;
    private TaskCompletionSource? _empty;

    /// <summary>How many calls are not over.</summary>
    public int LiveCount
    {
        get
        {
            lock (_lock)
            {
                return _live.Count;
            }
        }
    }

    /// <summary>What the request means. Nothing changes by asking.</summary>
    /// <param name="request">The request.</param>
    /// <param name="owner">The key that it was made with: a call is known to its own key only.</param>
    public Admission Admit(InvocationRequest request, string owner)
    {
        lock (_lock)
        {
            if (_live.TryGetValue(request.Id, out var live))
            {
                return request.Age is null || live.Owner != owner ? Known(request)
                    : live.IsUploading || live.Events.Holds(request.Received) ? new(Live: live)
                    : Lost(
                        $"The call {request.Id:n} continues, and events of it that its caller lacks are no longer here; it was not run "
                            + $"again."
                    );
            }

            if (Find(request.Id, owner) is { } outcome)
            {
                return outcome.IsOpen ? default
                    : !outcome.WasCancelledBeforeArrival && outcome.Owner != owner ? Known(request)
                    : outcome.WasCancelledBeforeArrival || request.Age is not null ? Remembered(request, outcome)
                    : Known(request);
            }

            return request.Age is not { } age || _outcomes.ReachBack(age)
                ? default
                : Lost(
                    $"This host does not remember all calls of the last {age.TotalSeconds:0.#} s: whether the call {request.Id:n} "
                        + $"ran, and how it ended, is unknown. It was not run again."
                );
        }
    }

    /// <summary>Accepts a call that has not been here.</summary>
    /// <returns>The ticket of its first reader; null when another request with the id came first.</returns>
    public short? TryAdd(HostCall call)
    {
        lock (_lock)
        {
            if (Find(call.Id, call.Owner) is { IsOpen: false } || !_live.TryAdd(call.Id, call))
            {
                return null;
            }

            _outcomes.Remove(call.Id);
            return call.Events.Attach(0);
        }
    }

    /// <summary>Gives the call a new reader in place of the one that it has, if any.</summary>
    /// <returns>Its ticket; null when the call is over by now, or has gone on beyond what the reader lacks.</returns>
    public short? Attach(HostCall call, long received)
    {
        lock (_lock)
        {
            if (!IsLive(call) || call.Events.Attach(received) is not { } ticket)
            {
                return null;
            }

            _detached.Remove(call);
            return ticket;
        }
    }

    /// <summary>
    /// The reader's connection broke. A call that is not whole yet can only start again; any other waits for its caller to come back.
    /// </summary>
    public void Detach(HostCall call, short ticket)
    {
        if (call.IsUploading)
        {
            Forget(call);
            return;
        }

        lock (_lock)
        {
            if (IsLive(call) && call.Events.TryRelease(ticket))
            {
                _detached[call] = time.GetTimestamp();
                StartSweep();
            }
        }
    }

    /// <summary>Nothing of the call has run, nor will: a repetition starts it again.</summary>
    public void Forget(HostCall call)
    {
        lock (_lock)
        {
            if (!IsLive(call))
            {
                return;
            }

            Remember(call, isOpen: true, []);
        }

        scheduler.Cancel(call, null);
    }

    /// <summary>The reader has the call's last event.</summary>
    public void Complete(HostCall call, short ticket)
    {
        lock (_lock)
        {
            if (IsLive(call) && call.Events.IsReader(ticket))
            {
                Remember(call);
            }
        }
    }

    /// <summary>Cancels a call. One that has not come yet is cancelled when it does.</summary>
    /// <param name="id">The call's.</param>
    /// <param name="keyId">Who cancels it.</param>
    /// <param name="isAdmin">Whether it may be another key's.</param>
    /// <param name="isLeaving">Whether its caller continues to read, until its body has come to an end.</param>
    /// <returns>The key that made the call; null when the call is not known to who cancels it.</returns>
    public string? Cancel(Guid id, string keyId, bool isAdmin, bool isLeaving = false)
    {
        var refusal = HostCall.Cancelled;
        HostCall? call;
        lock (_lock)
        {
            if (!_live.TryGetValue(id, out call))
            {
                if (_outcomes.Find(id) is { IsOpen: false } known)
                {
                    return isAdmin || known.Owner == keyId ? known.Owner ?? keyId : null;
                }

                var output = new ArrayBufferWriter<byte>();
                using var refused = InvocationEvent.Copy(InvocationEventKind.Refusal, EventSource.Once, RefusalCodec.Write(refusal));
                refused.WriteTo(output);
                _outcomes.Add(
                    new(id, IsOpen: false, 0, output.WrittenSpan.ToArray())
                    {
                        WasCancelledBeforeArrival = true,
                        Owner = isAdmin ? null : keyId,
                        EndedAt = time.GetTimestamp(),
                    }
                );
                StartSweep();
                return null;
            }
        }

        if (!isAdmin && call.Owner != keyId)
        {
            return null;
        }

        if (isLeaving)
        {
            scheduler.Leave(call);
        }
        else
        {
            scheduler.Cancel(call, refusal);
        }

        return call.Owner;
    }

    /// <summary>Completes when no call is here any more.</summary>
    public Task WaitUntilEmptyAsync()
    {
        lock (_lock)
        {
            if (_live.Count == 0)
            {
                return Task.CompletedTask;
            }

            _empty ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task;
        }
    }

    /// <summary>Ends all calls that are not over.</summary>
    public void CancelAll(Refusal refusal)
    {
        HostCall[] all;
        lock (_lock)
        {
            all = [.. _live.Values];
        }

        foreach (var call in all)
        {
            scheduler.Cancel(call, refusal);
        }
    }

    /// <summary>Whether the call was cancelled before it came.</summary>
    public bool WasCancelledBeforeArrival(Guid id, string owner)
    {
        lock (_lock)
        {
            return Find(id, owner) is { WasCancelledBeforeArrival: true };
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _sweep?.Dispose();
        }
    }

    private static Admission Known(InvocationRequest request) =>
        new(
            Refusal: new()
            {
                Reason = RefusalReason.Protocol,
                Message =
                    $"The id {request.Id:n} is known: this host has or had a call with it, and the request does not say that it is a "
                    + $"repetition. Each call needs an id of its own.",
            }
        );

    private static Admission Remembered(InvocationRequest request, Outcome outcome) =>
        outcome.TryGetEvents(request.Received, out var events)
            ? new(Events: events)
            : Lost($"The call {request.Id:n} has ended, and its result is no longer here; it was not run again.");

    private static Admission Lost(string message) => new(Refusal: new() { Reason = RefusalReason.Host, Message = message });

    // What somebody foretold of another's call does not count.
    private Outcome? Find(Guid id, string owner) =>
        _outcomes.Find(id) is { } outcome && !(outcome.WasCancelledBeforeArrival && outcome.Owner is { } foreteller && foreteller != owner)
            ? outcome
            : null;

    private bool IsLive(HostCall call) => _live.TryGetValue(call.Id, out var live) && live == call;

    private void Remember(HostCall call)
    {
        var (events, first) = call.Events.Tail(Outcomes.LongestEvents);
        Remember(call, isOpen: false, events, first);
        call.Drop();
    }

    private void Remember(HostCall call, bool isOpen, byte[] events, long first = 0)
    {
        _live.Remove(call.Id);
        _detached.Remove(call);
        if (_live.Count == 0)
        {
            _empty?.TrySetResult();
        }

        _outcomes.Add(new(call.Id, isOpen, first, events) { Owner = call.Owner, EndedAt = time.GetTimestamp() });
        StartSweep();
    }

    private void StartSweep()
    {
        if (_sweeping || _disposed)
        {
            return;
        }

        _sweeping = true;
        _sweep ??= time.CreateTimer(_ => Sweep(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _sweep.Change(SweepInterval, Timeout.InfiniteTimeSpan);
    }

    private void Sweep()
    {
        HostCall[] alone;
        lock (_lock)
        {
            _outcomes.Sweep();
            alone = [.. _detached.Where(pair => time.GetElapsedTime(pair.Value) >= DetachedLimit).Select(pair => pair.Key)];
            _sweeping = false;
            if (_outcomes.Count > 0 || _detached.Count > alone.Length)
            {
                StartSweep();
            }
        }

        foreach (var call in alone)
        {
            scheduler.Cancel(
                call,
                new Refusal
                {
                    Reason = RefusalReason.Cancelled,
                    Message =
                        "The call was cancelled: its connection broke, and the caller did not come back to it for "
                        + $"{DetachedLimit.TotalSeconds:0} s.",
                }
            );
            lock (_lock)
            {
                // Its caller may have come back just now; then that one receives the end.
                if (_detached.ContainsKey(call))
                {
                    Remember(call);
                }
            }
        }
    }
}
