using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Files.Uploads;

namespace FalServerless.Runtime.Detached;

/// <summary>Keeps what running calls say, in their files.</summary>
/// <param name="directory">The folder of all calls, for messages.</param>
/// <param name="reserve">Room for what is small when the disk is full.</param>
/// <param name="signals">Hears of every event.</param>
/// <param name="scheduler">Ends a call whose events cannot be kept.</param>
/// <param name="time">The clock.</param>
internal sealed class EventKeeper(string directory, DiskReserve reserve, CallSignals signals, ICallScheduler scheduler, TimeProvider time)
{
    /// <summary>The most that the log and the result of one call may take: a result of the largest size, and as much again.</summary>
    private const long MaximumEvents = 2L * ProtocolLimits.MaximumBody;

    /// <summary>
    /// How many bytes of events go into the room that is kept back when the disk is full: less than a piece of a large result.
    /// </summary>
    private const int MaximumIntoReserve = ProtocolLimits.Chunk - 1;

    /// <summary>Keeps the events of a call until its last one.</summary>
    /// <returns>How the call ended; null when its host ends before it.</returns>
    public async Task<CallEnd?> KeepAsync(DetachedRun run, HostCall call, short ticket)
    {
        var pending = new ArrayBufferWriter<byte>();
        var count = 0;
        while (true)
        {
            await call.Events.WaitAsync(ticket);

            // Not on the thread that reads what the worker sends.
            await Task.Yield();
            var isTaken = false;
            while (call.Events.TryPeek(ticket, out var size, out var isLast))
            {
                if (isLast)
                {
                    var last = new ArrayBufferWriter<byte>(size);
                    call.TryTake(ticket, last);
                    return CallEnd.Of(last.WrittenMemory) with { Before = pending.WrittenMemory, BeforeEvents = count };
                }

                isTaken = call.TryTake(ticket, pending);
                count++;
                if (pending.WrittenCount >= ProtocolLimits.Chunk && Keep(run, call, pending, ref count) is { } full)
                {
                    return full;
                }
            }

            if (count > 0 && Keep(run, call, pending, ref count) is { } failed)
            {
                return failed;
            }

            if (!isTaken && call.HasEnded && !call.Events.TryPeek(ticket, out _, out _))
            {
                return null;
            }
        }
    }

    // Null where the events are kept; else how the call ends.
    private CallEnd? Keep(DetachedRun run, HostCall call, ArrayBufferWriter<byte> events, ref int count)
    {
        Refusal refusal;
        try
        {
            if (run.Events.View.FileLength + events.WrittenCount <= MaximumEvents)
            {
                Append(run.Events, events.WrittenMemory, count);
                events.ResetWrittenCount();
                count = 0;
                signals.Pulse(call.Id);
                return null;
            }

            refusal = new()
            {
                Reason = RefusalReason.Capture,
                Message =
                    $"The log and the result of the call take more than {MaximumEvents} bytes, the most that is kept of a detached "
                    + $"call; it was ended. Write large results to files in /data.",
            };
        }
        catch (IOException e)
        {
            refusal = Unkept(e);
        }

        run.Events.DropOpenValue();

        scheduler.Cancel(call, refusal);
        return CallEnd.Of(refusal);
    }

    /// <summary>
    /// Adds events to a call's file. When the disk is full, small ones use the room that is kept back, so that a call that has run is not
    /// lost for a line that it wrote; a piece of a large result would only use that room up.
    /// </summary>
    /// <exception cref="IOException">They are not kept.</exception>
    public void Append(EventsFile file, ReadOnlyMemory<byte> events, int count)
    {
        try
        {
            file.Append(events.Span, count);
        }
        catch (IOException e) when (events.Length <= MaximumIntoReserve && DiskFull.Is(e) && reserve.GiveUpHalf())
        {
            file.Append(events.Span, count);
        }
    }

    /// <summary>Why a call ends whose events are not kept.</summary>
    public Refusal Unkept(IOException exception) =>
        new()
        {
            Reason = RefusalReason.Host,
            Message = DiskFull.Is(exception)
                ? $"The disk of '{directory}' on the host is full: the log and the result of the call could not be kept, and it was "
                    + $"ended. Make room there, and submit the call again."
                : $"The host could not keep the log and the result of the call, and ended it: {exception.Message}",
        };

    /// <summary>Tells the readers of the events that the call is run again.</summary>
    /// <exception cref="IOException">It is not kept.</exception>
    public void NoteRestart(EventsFile events, string message)
    {
        var output = new ArrayBufferWriter<byte>();
        var line = new ArrayBufferWriter<byte>();
        LogEntryCodec.Write(line, LogEntryLevel.Warning, LogEntrySource.Host, time.GetUtcNow(), message);
        using var log = InvocationEvent.Copy(InvocationEventKind.Log, EventSource.Once, line.WrittenSpan);
        using var restart = InvocationEvent.Copy(InvocationEventKind.Restart, EventSource.Once, []);
        log.WriteTo(output);
        restart.WriteTo(output);
        Append(events, output.WrittenMemory, 2);
    }
}
