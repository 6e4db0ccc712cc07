using System.IO.Pipelines;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Functions;
using FalServerless.Runtime.Observability;
using FalServerless.Runtime.Scheduling;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace FalServerless.Runtime.Detached;

/// <summary>Runs one detached call, as often as its retries say, until its outcome is on the disk.</summary>
/// <param name="directory">The folder of all calls, for messages.</param>
/// <param name="limits">How much each key may have; null is no limits.</param>
/// <param name="functions">What the calls run.</param>
/// <param name="scheduler">Runs them.</param>
/// <param name="store">What is known of the calls.</param>
/// <param name="files">Their payloads.</param>
/// <param name="events">Keeps what they say.</param>
/// <param name="reserve">Given up for outcomes when the disk is full.</param>
/// <param name="phase">Whether the host is about to end.</param>
/// <param name="signals">Hears of every change.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Hears what goes wrong.</param>
internal sealed class DetachedRunner(
    string directory,
    KeyLimits? limits,
    FunctionStore functions,
    Scheduler scheduler,
    DetachedStore store,
    DetachedFiles files,
    EventKeeper events,
    DiskReserve reserve,
    HostPhase phase,
    CallSignals signals,
    TimeProvider time,
    ILogger log
)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>After what time a call is tried again whose beginning could not be noted.</summary>
    private static readonly TimeSpan HeldBackPause = TimeSpan.FromSeconds(10);

    /// <summary>Completes when the outcome is kept, or the host ends: the next one goes on from what the store says.</summary>
    public async Task RunAsync(DetachedRun run)
    {
        while (!phase.IsOver)
        {
            var attempt = run.Call.Attempts + 1;
            var end = await AttemptAsync(run, attempt);
            var isHeldBack = run.IsHeldBack && end?.Refusal?.Reason == RefusalReason.Host;
            run.IsHeldBack = false;
            if (
                end is null
                || (isHeldBack && phase.IsDraining)
                || (end.Refusal?.Reason is RefusalReason.Host or RefusalReason.WorkerCrashed && phase.IsOver)
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

    // What it may give back; how many calls there may be is asked when they come in.
    private KeyAllowance? Allowance(string owner) => limits is null ? null : new(owner, limits with { Calls = null, Queued = null });

    // Null when the host ends.
    private async Task<CallEnd?> AttemptAsync(DetachedRun run, int attempt)
    {
        StoredFunction? function;
        try
        {
            function = functions.Recall(run.Call.Request.Function);
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
            payload = run.Call.PayloadFile is { } file ? files.OpenPayload(file) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return CallEnd.Of(Unread(e));
        }

        HostCall? call = null;
        using var upload = payload is null
            ? null
            : new Upload(payload, run.Call.PayloadLength, refusal => scheduler.Cancel(call!, Unread(refusal)));
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
        scheduler.Submit(call);
        try
        {
            return await events.KeepAsync(run, call, ticket);
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
        if (phase.IsDraining)
        {
            run.IsHeldBack = true;
            call.Refuse(new() { Reason = RefusalReason.Host, Message = "The host is shutting down." });
            return false;
        }

        try
        {
            var now = time.GetUtcNow();
            var payload = await store.StartAsync(call.Id, attempt, now);
            if (call.Upload is null)
            {
                call.Supply(payload);
            }

            run.Call = run.Call with { Status = InvocationStatus.Running, Attempts = attempt, Started = now };
            scheduler.StartTimeout(call);
            signals.Pulse(call.Id);
            return true;
        }
        catch (Exception e)
        {
            run.IsHeldBack = true;
            Log.DetachedUnwritten(log, directory, HeldBackPause.TotalSeconds, e.Message);
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
            end = CallEnd.Of(events.Unkept(e));
        }

        var view = run.Events.View;
        await PersistAsync(() => store.EndAsync(run.Call, end, view.FileLength, run.Events.Count, time.GetUtcNow()));
        files.RemovePayload(run.Call.PayloadFile);
    }

    // The call waits for its next try.
    private async Task PauseAsync(DetachedRun run, CallEnd end, int attempt)
    {
        var pause = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, attempt - 1), LongestPause.TotalSeconds));
        try
        {
            events.Append(run.Events, end.Before, end.BeforeEvents);
            events.NoteRestart(
                run.Events,
                $"{end.Refusal!.Message} The call is run again in {pause.TotalSeconds:0} s: try {attempt + 1} of {run.Call.Retries + 1}."
            );
        }
        catch (IOException)
        {
            // What it says is lost; whether it can be run at all shows then.
        }

        await PersistAsync(() => store.RequeueAsync(run.Call.Id, run.Events.View.FileLength, run.Events.Count));
        run.Call = run.Call with { Status = InvocationStatus.Queued };
        signals.Pulse(run.Call.Id);
        await WaitAsync(run, pause);
    }

    private async Task WaitAsync(DetachedRun run, TimeSpan pause)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(run.Cancellation, phase.Over);
        await Task.Delay(pause, time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
            catch (SqliteException) when (reserve.GiveUp()) { }
            catch (SqliteException e)
            {
                Log.DetachedUnwritten(log, directory, pause.TotalSeconds, e.Message);
                await Task.Delay(pause, time, phase.Over);
            }
        }
    }
}
