using System.IO.Pipelines;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Functions;
using FalServerless.Runtime.Observability;
using Microsoft.Data.Sqlite;

namespace FalServerless.Runtime.Detached;

// How calls are run.
internal sealed partial class DetachedCalls
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>After what time a call is tried again whose beginning could not be noted.</summary>
    private static readonly TimeSpan HeldBackPause = TimeSpan.FromSeconds(10);

    private bool IsDraining
    {
        get
        {
            lock (_lock)
            {
                return _draining || _stop.IsCancellationRequested;
            }
        }
    }

    // What it may give back; how many calls there may be is asked when they come in.
    private KeyAllowance? Allowance(string owner) => _limits is null ? null : new(owner, _limits with { Calls = null, Queued = null });

    // Gives the scheduler calls that wait, several at a time.
    private void ScheduleWaiting()
    {
        int count;
        lock (_lock)
        {
            var free = _settings.MaximumScheduled - _scheduled;
            if (
                _feeding
                || _waiting <= 0
                || free < Math.Min(_waiting, Math.Max(1, _settings.MaximumScheduled / 8))
                || _draining
                || _stop.IsCancellationRequested
            )
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

    // On the store's own thread: nobody sees the call as scheduled before it is here.
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
            while (!_stop.IsCancellationRequested)
            {
                var attempt = run.Call.Attempts + 1;
                var end = await AttemptAsync(run, attempt);
                var isHeldBack = run.IsHeldBack && end?.Refusal?.Reason == RefusalReason.Host;
                run.IsHeldBack = false;
                if (
                    end is null
                    || (isHeldBack && IsDraining)
                    || (end.Refusal?.Reason is RefusalReason.Host or RefusalReason.WorkerCrashed && _stop.IsCancellationRequested)
                )
                {
                    // The host ends; the next one goes on from what the store says.
                    break;
                }

                if (isHeldBack)
                {
                    await WaitAsync(run, HeldBackPause);
                    continue;
                }

                if (
                    end.Refusal?.Reason != RefusalReason.WorkerCrashed
                    || run.Call.Attempts < attempt
                    || attempt > run.Call.Retries
                    || run.Cancelled is not null
                )
                {
                    await EndAsync(run, end);
                    break;
                }

                await PauseAsync(run, end, attempt);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested) { }
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
            Signals.Pulse(run.Call.Id);
            ScheduleWaiting();
        }
    }

    // Null when the host ends.
    private async Task<CallEnd?> AttemptAsync(DetachedRun run, int attempt)
    {
        StoredFunction? function;
        try
        {
            function = _functions.Recall(run.Call.Request.Function);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ProtocolException)
        {
            return CallEnd.Of(
                new Refusal
                {
                    Reason = RefusalReason.Host,
                    Message = $"The host could not read the function {run.Call.Request.Function} of the call: {e.Message}",
                }
            );
        }

        if (function is null)
        {
            return CallEnd.Of(
                new Refusal
                {
                    Reason = RefusalReason.Host,
                    Message =
                        $"The host does not have the function {run.Call.Request.Function} of the call any more: its files were "
                        + $"removed from the host's state folder. Submit the call again.",
                }
            );
        }

        PipeReader? payload;
        try
        {
            payload = run.Call.PayloadFile is { } file ? _files.OpenPayload(file) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return CallEnd.Of(Unread(e));
        }

        HostCall? call = null;
        using var upload = payload is null
            ? null
            : new Upload(payload, run.Call.PayloadLength, refusal => _scheduler.Cancel(call!, Unread(refusal)));
        call = new HostCall(run.Call.Request, function, upload)
        {
            Owner = run.Call.Owner,
            Allowance = Allowance(run.Call.Owner),
            Starting = () => BeginAsync(run, call!, attempt),
        };
        if (!run.TryBegin(call))
        {
            return CallEnd.Of(run.Cancelled!);
        }

        var ticket = call.Events.Attach(0)!.Value;
        _scheduler.Submit(call);
        try
        {
            return await KeepEventsAsync(run, call, ticket);
        }
        finally
        {
            call.Drop();
            if (upload is not null)
            {
                await upload.CloseAsync();
                await payload!.CompleteAsync();
            }
        }
    }

    // The store knows that the call runs before its worker does: whatever happens to the host then, it is not taken for one that has not
    // run.
    private async Task<bool> BeginAsync(DetachedRun run, HostCall call, int attempt)
    {
        if (IsDraining)
        {
            run.IsHeldBack = true;
            call.Refuse(new() { Reason = RefusalReason.Host, Message = "The host is shutting down." });
            return false;
        }

        try
        {
            var now = _time.GetUtcNow();
            var payload = await _store.StartAsync(call.Id, attempt, now);
            if (call.Upload is null)
            {
                call.Supply(payload);
            }

            run.Call = run.Call with { Status = InvocationStatus.Running, Attempts = attempt, Started = now };
            _scheduler.StartTimeout(call);
            Signals.Pulse(call.Id);
            return true;
        }
        catch (Exception e)
        {
            run.IsHeldBack = true;
            Log.DetachedUnwritten(_log, _directory, HeldBackPause.TotalSeconds, e.Message);
            call.Refuse(
                new()
                {
                    Reason = RefusalReason.Host,
                    Message = $"The host could not note that the call begins, and did not run it yet: {e.Message}",
                }
            );
            return false;
        }
    }

    private static Refusal Unread(object? cause) =>
        new()
        {
            Reason = RefusalReason.Host,
            Message =
                $"The host could not read the inputs of the call that it keeps: "
                + $"{(cause as Exception)?.Message ?? (cause as Refusal)?.Message ?? "the disk failed."}",
        };

    private async Task EndAsync(DetachedRun run, CallEnd end)
    {
        try
        {
            run.Events.Flush();
        }
        catch (IOException e)
        {
            end = CallEnd.Of(Unkept(e));
        }

        var view = run.Events.View;
        await PersistAsync(() => _store.EndAsync(run.Call, end, view.FileLength, run.Events.Count, _time.GetUtcNow()));
        _files.RemovePayload(run.Call.PayloadFile);
    }

    // The call waits for its next try.
    private async Task PauseAsync(DetachedRun run, CallEnd end, int attempt)
    {
        var pause = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, attempt - 1), LongestPause.TotalSeconds));
        try
        {
            Append(run.Events, end.Before, end.BeforeEvents);
            NoteRestart(
                run.Events,
                $"{end.Refusal!.Message} The call is run again in {pause.TotalSeconds:0} s: try {attempt + 1} of {run.Call.Retries + 1}."
            );
        }
        catch (IOException)
        {
            // What it says is lost; whether it can be run at all shows then.
        }

        await PersistAsync(() => _store.RequeueAsync(run.Call.Id, run.Events.View.FileLength, run.Events.Count));
        run.Call = run.Call with { Status = InvocationStatus.Queued };
        Signals.Pulse(run.Call.Id);
        await WaitAsync(run, pause);
    }

    private async Task WaitAsync(DetachedRun run, TimeSpan pause)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation, _stop.Token);
        await Task.Delay(pause, _time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // The disk may be full: until there is room, or the host ends, the outcome is here.
    private async Task PersistAsync(Func<Task> write)
    {
        for (var pause = TimeSpan.FromSeconds(1); ; pause = pause < LongestPause ? 2 * pause : LongestPause)
        {
            try
            {
                await write();
                return;
            }
            catch (SqliteException) when (_reserve.GiveUp()) { }
            catch (SqliteException e)
            {
                Log.DetachedUnwritten(_log, _directory, pause.TotalSeconds, e.Message);
                await Task.Delay(pause, _time, _stop.Token);
            }
        }
    }
}
