using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Files.Uploads;

namespace FalServerless.Runtime.Detached;

// How what a running call says is kept.
internal sealed partial class DetachedCalls
{
    /// <summary>The most that the log and the result of one call may take: a result of the largest size, and as much again.</summary>
    private const long MaximumEvents = 2L * ProtocolLimits.MaximumBody;

    /// <summary>
    /// How many bytes of events go into the room that is kept back when the disk is full: less than a piece of a large result.
    /// </summary>
    private const int MaximumIntoReserve = ProtocolLimits.Chunk - 1;

    private async Task<CallEnd?> KeepEventsAsync(DetachedRun run, HostCall call, short ticket)
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
                Signals.Pulse(call.Id);
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

        _scheduler.Cancel(call, refusal);
        return CallEnd.Of(refusal);
    }

    // When the disk is full, what is small goes into the room that is kept back, so that a call that has run is not lost for a line that it
    // wrote. A piece of a large result would only use that room up.
    private void Append(EventsFile file, ReadOnlyMemory<byte> events, int count)
    {
        try
        {
            file.Append(events.Span, count);
        }
        catch (IOException e) when (events.Length <= MaximumIntoReserve && DiskFull.Is(e) && _reserve.GiveUpHalf())
        {
            file.Append(events.Span, count);
        }
    }

    private Refusal Unkept(IOException exception) =>
        new()
        {
            Reason = RefusalReason.Host,
            Message = DiskFull.Is(exception)
                ? $"The disk of '{_directory}' on the host is full: the log and the result of the call could not be kept, and it was "
                    + $"ended. Make room there, and submit the call again."
                : $"The host could not keep the log and the result of the call, and ended it: {exception.Message}",
        };

    private void NoteRestart(EventsFile events, string message)
    {
        var output = new ArrayBufferWriter<byte>();
        var line = new ArrayBufferWriter<byte>();
        LogEntryCodec.Write(line, LogEntryLevel.Warning, LogEntrySource.Host, _time.GetUtcNow(), message);
        using var log = InvocationEvent.Copy(InvocationEventKind.Log, EventSource.Once, line.WrittenSpan);
        using var restart = InvocationEvent.Copy(InvocationEventKind.Restart, EventSource.Once, []);
        log.WriteTo(output);
        restart.WriteTo(output);
        Append(events, output.WrittenMemory, 2);
    }
}
