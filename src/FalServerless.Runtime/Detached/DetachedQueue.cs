using System.Threading.Channels;
using FalServerless.Runtime.Observability;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace FalServerless.Runtime.Detached;

/// <summary>
/// The order in which detached calls run: that in which they came. The scheduler has a bounded number of them at once; the others wait on
/// the disk.
/// </summary>
internal sealed class DetachedQueue : IAsyncDisposable
{
    private readonly int _maximumScheduled;
    private readonly DetachedRunner _runner;
    private readonly DetachedStore _store;
    private readonly DetachedFiles _files;
    private readonly HostPhase _phase;
    private readonly CallSignals _signals;
    private readonly ILogger _log;
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, DetachedRun> _active = [];
    private readonly Channel<DetachedRun> _starts = Channel.CreateUnbounded<DetachedRun>(new() { SingleReader = true });
    private readonly Task _starting;
    private int _scheduled;
    private long _waiting;
    private bool _feeding;

    public DetachedQueue(
        int maximumScheduled,
        DetachedRunner runner,
        DetachedStore store,
        DetachedFiles files,
        HostPhase phase,
        CallSignals signals,
        ILogger log
    )
    {
        (_maximumScheduled, _runner, _store, _files, _phase, _signals, _log) = (
            maximumScheduled,
            runner,
            store,
            files,
            phase,
            signals,
            log
        );
        _starting = Task.Run(StartRunsAsync);
    }

    /// <summary>How many run.</summary>
    public int RunningCount
    {
        get
        {
            lock (_lock)
            {
                return _active.Values.Count(run => run.Call.Status == InvocationStatus.Running);
            }
        }
    }

    /// <summary>Begins with the calls that are in the store.</summary>
    public void Start()
    {
        lock (_lock)
        {
            _waiting = _store.OpenCalls;
        }

        ScheduleWaiting();
    }

    /// <summary>The call, if the scheduler has it or is about to.</summary>
    public DetachedRun? Find(Guid id)
    {
        lock (_lock)
        {
            return _active.GetValueOrDefault(id);
        }
    }

    /// <summary>Keeps a call, and has it run in its turn.</summary>
    /// <returns>False when there is one with its id.</returns>
    public async Task<bool> AddAsync(DetachedCall call, ReadOnlyMemory<byte> payload)
    {
        bool isScheduled;
        lock (_lock)
        {
            isScheduled = _waiting == 0 && _scheduled < _maximumScheduled && !_phase.IsOver;
            _scheduled += isScheduled ? 1 : 0;
            _waiting += isScheduled ? 0 : 1;
        }

        var isAdded = false;
        try
        {
            isAdded = await _store.AddAsync(
                call,
                payload,
                isScheduled,
                () =>
                {
                    if (isScheduled)
                    {
                        Activate(call);
                    }
                }
            );
            return isAdded;
        }
        finally
        {
            if (!isAdded)
            {
                lock (_lock)
                {
                    _scheduled -= isScheduled ? 1 : 0;
                    _waiting -= isScheduled ? 0 : 1;
                }
            }

            ScheduleWaiting();
        }
    }

    /// <summary>A call that waited on the disk was ended there.</summary>
    public void CountEnded()
    {
        lock (_lock)
        {
            _waiting--;
        }
    }

    /// <summary>Completes when all that runs now has ended.</summary>
    public Task WhenIdleAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll(_active.Values.Where(run => run.Call.Status == InvocationStatus.Running).Select(run => run.Over));
        }
    }

    /// <summary>Lets go of what the scheduler had, once that has ended.</summary>
    public Task DropRunsAsync()
    {
        DetachedRun[] left;
        lock (_lock)
        {
            left = [.. _active.Values];
        }

        foreach (var run in left)
        {
            run.Current?.Drop();
        }

        return Task.WhenAll(left.Select(run => run.Over));
    }

    /// <summary>Comes when the store has ended, and so nothing new begins.</summary>
    public async ValueTask DisposeAsync()
    {
        _starts.Writer.TryComplete();
        await _starting;
    }

    /// <summary>Gives the scheduler calls that wait, several at a time.</summary>
    public void ScheduleWaiting()
    {
        int count;
        lock (_lock)
        {
            var free = _maximumScheduled - _scheduled;
            if (_feeding || _waiting <= 0 || free < Math.Min(_waiting, Math.Max(1, _maximumScheduled / 8)) || _phase.IsDraining)
            {
                return;
            }

            _feeding = true;
            count = free;
            _scheduled += count;
        }

        _ = FeedAsync(count);
    }

    private async Task FeedAsync(int count)
    {
        var given = 0;
        try
        {
            given = (await _store.ScheduleAsync(count, calls => calls.ForEach(Activate))).Count;
        }
        catch (Exception e) when (e is SqliteException or OperationCanceledException)
        {
            // Each call that ends tries again.
        }

        lock (_lock)
        {
            _feeding = false;
            _scheduled -= count - given;
            _waiting -= given;
        }

        if (given > 0)
        {
            ScheduleWaiting();
        }
    }

    // On the store's own thread: the call is not seen as scheduled before it is here.
    private void Activate(DetachedCall call)
    {
        var run = new DetachedRun(call, new(_files.EventsOf(call.Id), call.FileLength, call.Events));
        lock (_lock)
        {
            _active[call.Id] = run;
        }

        _starts.Writer.TryWrite(run);
    }

    // One after the other, so that the scheduler gets them in the order in which they came.
    private async Task StartRunsAsync()
    {
        await foreach (var run in _starts.Reader.ReadAllAsync())
        {
            _ = RunAsync(run);
        }
    }

    private async Task RunAsync(DetachedRun run)
    {
        try
        {
            await _runner.RunAsync(run);
        }
        catch (OperationCanceledException) when (_phase.IsOver) { }
        catch (Exception e)
        {
            Log.DetachedFailed(_log, e, run.Call.Id);
        }
        finally
        {
            lock (_lock)
            {
                if (_active.GetValueOrDefault(run.Call.Id) == run)
                {
                    _active.Remove(run.Call.Id);
                }

                _scheduled--;
            }

            run.SetOver();
            run.Dispose();
            _signals.Pulse(run.Call.Id);
            ScheduleWaiting();
        }
    }
}
