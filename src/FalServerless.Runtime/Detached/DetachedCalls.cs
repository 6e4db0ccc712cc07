using FalServerless.Internal;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Functions;
using FalServerless.Runtime.Scheduling;
using Microsoft.Extensions.Logging;

namespace FalServerless.Runtime.Detached;

/// <summary>
/// The detached calls of a host: they are kept on the disk from the moment they are taken in, run in the order in which they came, and what
/// becomes of them is kept too. The scheduler has a bounded number of them at once.
/// </summary>
internal sealed class DetachedCalls : IAsyncDisposable
{
    /// <summary>The folder of all this in a host's state.</summary>
    public const string FolderName = "detached";

    // A repetition is older than it says by the time that it was on its way.
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(1);

    private readonly FunctionStore _functions;
    private readonly Scheduler _scheduler;
    private readonly TimeProvider _time;
    private readonly DetachedStore _store;
    private readonly DetachedFiles _files;
    private readonly EventKeeper _events;
    private readonly Retention _retention;
    private readonly DetachedQueue _queue;
    private readonly HostPhase _phase = new();

    /// <param name="directory">The folder of the store and its files; it is made.</param>
    /// <param name="settings">How much is kept.</param>
    /// <param name="limits">How much each key may have; null is no limits.</param>
    /// <param name="functions">What the calls run.</param>
    /// <param name="scheduler">Runs them.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Hears what goes wrong.</param>
    /// <exception cref="DetachedStoreException">The store cannot be used.</exception>
    public DetachedCalls(
        string directory,
        DetachedSettings settings,
        KeyLimits? limits,
        FunctionStore functions,
        Scheduler scheduler,
        TimeProvider time,
        ILogger log
    )
    {
        (_functions, _scheduler, _time) = (functions, scheduler, time);
        _store = new(directory);
        _files = new(Path.Combine(directory, "files"));
        var reserve = new DiskReserve(directory);
        _events = new(directory, reserve, Signals, scheduler, time);
        _retention = new(settings, limits, _store, _files, reserve, time);
        var runner = new DetachedRunner(
            directory,
            limits,
            functions,
            scheduler,
            _store,
            _files,
            _events,
            reserve,
            _phase,
            Signals,
            time,
            log
        );
        _queue = new(settings.MaximumScheduled, runner, _store, _files, _phase, Signals, log);
    }

    /// <summary>Wakes those who wait for something to become of a call.</summary>
    public CallSignals Signals { get; } = new();

    /// <summary>Whether a host has left detached calls there.</summary>
    public static bool AreIn(string directory) => File.Exists(Path.Combine(directory, DetachedStore.DatabaseName));

    /// <summary>Goes on where the last host ended: what was running is run again or is interrupted, and what waits is run.</summary>
    public async Task StartAsync()
    {
        var calls = _store.List(owner: null);
        _files.RemoveOthers(calls.Select(call => call.Id).ToHashSet(), calls.Select(call => call.PayloadFile).OfType<string>().ToHashSet());
        await _store.UnscheduleAsync();
        foreach (var call in calls.Where(call => !call.HasEnded))
        {
            await RecoverAsync(call);
        }

        await _retention.SweepAsync(payloadLength: 0);
        _queue.Start();
    }

    /// <summary>What a request for a detached call means, by its id.</summary>
    /// <param name="request">The request.</param>
    /// <param name="owner">Whose it is.</param>
    /// <param name="isKept">Whether the host has the call already.</param>
    /// <returns>Why the call is not accepted; null where nothing speaks against it.</returns>
    public Refusal? Admit(InvocationRequest request, string owner, out bool isKept)
    {
        var known = _store.Find(request.Id);
        isKept = known is not null && known.Owner == owner && request.Age is not null;
        if (isKept)
        {
            return null;
        }

        if (known is not null)
        {
            return new()
            {
                Reason = RefusalReason.Protocol,
                Message =
                    $"The id {request.Id:n} is known: this host has a detached call with it, and the request does not say that it is "
                    + $"a repetition. Each call needs an id of its own.",
            };
        }

        return request.Age is { } age && !_store.ReachesBack(_time.GetUtcNow() - age - OnTheWay)
            ? new()
            {
                Reason = RefusalReason.Host,
                Message =
                    $"This host does not remember all detached calls of the last {age.TotalSeconds:0.#} s: whether the call "
                    + $"{request.Id:n} ran, and how it ended, is unknown. It was not run again.",
            }
            : null;
    }

    /// <summary>How many run.</summary>
    public int RunningCount => _queue.RunningCount;

    /// <inheritdoc cref="Retention.MakeRoomAsync"/>
    public Task<Refusal?> MakeRoomAsync(string owner, int payloadLength) => _retention.MakeRoomAsync(owner, payloadLength);

    /// <summary>Takes a call in. When this returns it is on the disk, with the function that it runs.</summary>
    /// <param name="request">The request.</param>
    /// <param name="function">What it runs.</param>
    /// <param name="owner">Whose it is.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="cancellationToken">The request is over.</param>
    /// <returns>False when another request with the id came first.</returns>
    /// <exception cref="IOException">The disk is full, or failed; nothing is left of the call.</exception>
    /// <exception cref="ProtocolException">The payload is not as long as it was announced.</exception>
    public async Task<bool> AddAsync(
        InvocationRequest request,
        StoredFunction function,
        string owner,
        IncomingPayload payload,
        CancellationToken cancellationToken
    )
    {
        _functions.Keep(function);
        var call = new DetachedCall
        {
            Request = request with { Manifest = default, Payload = default },
            Owner = owner,
            PayloadLength = payload.Length,
            Created = _time.GetUtcNow(),
        };
        if (payload.Bytes is not { } bytes)
        {
            bytes = default;
            call = call with { PayloadFile = DetachedFiles.NewPayload(call.Id) };
        }

        try
        {
            if (call.PayloadFile is { } file)
            {
                await payload.WriteToAsync(_files.PayloadAt(file), cancellationToken);
                _files.Flush();
            }

            if (await _queue.AddAsync(call, bytes))
            {
                return true;
            }
        }
        catch
        {
            _files.RemovePayload(call.PayloadFile);
            throw;
        }

        _files.RemovePayload(call.PayloadFile);
        return false;
    }

    /// <summary>What is kept of a call; null where there is none.</summary>
    public DetachedCall? Find(Guid id) => _store.Find(id) is { } call ? Current(call) : null;

    /// <summary>What is kept of all calls, in the order in which they came.</summary>
    /// <param name="owner">Whose; null is everybody's.</param>
    public IReadOnlyList<DetachedCall> List(string? owner) => _store.List(owner).ConvertAll(Current);

    /// <summary>Where the events of a call are at this moment; null where there is no such call.</summary>
    public CallEvents? EventsOf(Guid id)
    {
        if (_queue.Find(id) is { } run)
        {
            return run.Events.View;
        }

        return _store.Find(id) is { } call ? new(_files.EventsOf(id), call.FileLength, call.HasEnded ? _store.Tail(id) : null) : null;
    }

    /// <summary>Cancels a call, and waits until that is on the disk. One that has ended stays what it is.</summary>
    public async Task CancelAsync(Guid id)
    {
        var refusal = new Refusal { Reason = RefusalReason.Cancelled, Message = "The call was cancelled." };
        while (_store.Find(id) is { HasEnded: false } call)
        {
            if (_queue.Find(id) is { } run)
            {
                if (run.Cancel(refusal) is { } current)
                {
                    _scheduler.Cancel(current, refusal);
                }

                await run.Over;
                return;
            }

            if (await _store.EndWaitingAsync(call, CallEnd.Of(refusal), _time.GetUtcNow()))
            {
                _queue.CountEnded();
                _files.RemovePayload(call.PayloadFile);
                Signals.Pulse(id);
                return;
            }
        }
    }

    /// <summary>From now on nothing begins. Completes when what runs has ended; what waits is for the next host.</summary>
    public Task DrainAsync()
    {
        _phase.Drain();
        return _queue.WhenIdleAsync();
    }

    /// <summary>
    /// From now on nothing begins, and what the end of the host does to calls is not taken for their outcome. The scheduler may end then.
    /// </summary>
    public void Stop() => _phase.End();

    /// <summary>Comes when the scheduler has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        Stop();
        await _queue.DropRunsAsync();
        _store.Dispose();
        await _queue.DisposeAsync();
        _phase.Dispose();
    }

    private DetachedCall Current(DetachedCall call) =>
        !call.HasEnded && _queue.Find(call.Id) is { } run ? call with { Events = run.Events.Count } : call;

    private async Task RecoverAsync(DetachedCall call)
    {
        var (length, count) = _files.Measure(call.Id);
        if (call.Status == InvocationStatus.Running && call.Attempts > call.Retries)
        {
            await _store.EndAsync(call, Interrupted(call), length, count, _time.GetUtcNow());
            _files.RemovePayload(call.PayloadFile);
        }
        else if (call.Status == InvocationStatus.Running)
        {
            using var events = new EventsFile(_files.EventsOf(call.Id), length, count);
            _events.NoteRestart(
                events,
                $"The host ended while it ran the call. It is run again: try {call.Attempts + 1} of {call.Retries + 1}."
            );
            await _store.RequeueAsync(call.Id, events.View.FileLength, events.Count);
        }
        else if (length != call.FileLength)
        {
            await _store.RequeueAsync(call.Id, length, count);
        }
    }

    private static CallEnd Interrupted(DetachedCall call)
    {
        var retries =
            call.Retries == 0
                ? "its Retries are 0"
                : $"it had been run {Plural.Of(call.Attempts, "time")}, and its Retries are {call.Retries}";
        var refusal = new Refusal
        {
            Reason = RefusalReason.WorkerCrashed,
            Message =
                $"The host ended while it ran the call {call.Id:n}; how far the body came is unknown. It was not run again, for "
                + $"{retries}. Submit it again, or set Retries for a body that may run more than once.",
            Cause = WorkerCrashCause.Unknown,
        };
        return CallEnd.Of(refusal) with { Status = InvocationStatus.Interrupted };
    }
}
