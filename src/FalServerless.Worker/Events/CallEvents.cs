using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Protocol.Worker;
using FalServerless.Transport;

namespace FalServerless.Worker.Events;

/// <summary>
/// What one call sends to the gateway: in the order in which it comes, and no more than the caller's reading makes room for.
/// </summary>
internal sealed class CallEvents(Guid invocation, WorkerConnection home)
{
    private ItemBatch? _items;

    public EventWindow Window { get; } = new();

    /// <summary>
    /// Sends a log entry behind the items that came before it. Blocks while there is no room, and drops it when it will not be read.
    /// </summary>
    public void SendLog(ReadOnlySpan<byte> entry)
    {
        FlushItems();
        if (Window.Take(entry.Length))
        {
            home.Write(WorkerFrameKind.Log, invocation, entry);
        }
    }

    /// <summary>The same where there is room at once.</summary>
    public bool TrySendLog(ReadOnlySpan<byte> entry)
    {
        FlushItems();
        if (!Window.TryTakeNow(entry.Length))
        {
            return false;
        }

        home.Write(WorkerFrameKind.Log, invocation, entry);
        return true;
    }

    /// <returns>False when items are no longer taken.</returns>
    public ValueTask<bool> SendItemAsync(in ReadOnlySequence<byte> item)
    {
        var items = _items ??= new(invocation, home);
        if (item.Length <= ProtocolLimits.Chunk && Window.TryTakeNow((int)item.Length))
        {
            items.Add(item);
            return new(true);
        }

        return SendSlowlyAsync(items, item);
    }

    /// <summary>Sends what makes a value too long for one frame; returns the rest of it, or null when it is no longer taken.</summary>
    public async ValueTask<ReadOnlySequence<byte>?> SendChunksAsync(ReadOnlySequence<byte> value)
    {
        while (value.Length > ProtocolLimits.Chunk)
        {
            if (!await Window.TakeAsync(ProtocolLimits.Chunk).ConfigureAwait(false))
            {
                return null;
            }

            home.Write(WorkerFrameKind.Chunk, invocation, [], value.Slice(0, ProtocolLimits.Chunk));
            value = value.Slice(ProtocolLimits.Chunk);
        }

        return value;
    }

    public void FlushItems() => Volatile.Read(ref _items)?.Flush();

    /// <summary>Sends what ends the call's events.</summary>
    public void SendAnswer(WorkerFrameKind kind, in ReadOnlySequence<byte> payload)
    {
        if (_items is { } items)
        {
            items.Flush();
            items.Dispose();
        }

        home.Write(kind, invocation, [], payload);
    }

    private async ValueTask<bool> SendSlowlyAsync(ItemBatch items, ReadOnlySequence<byte> item)
    {
        // The caller makes room by reading what waits here.
        items.Flush();
        if (
            await SendChunksAsync(item).ConfigureAwait(false) is not { } rest
            || !await Window.TakeAsync((int)rest.Length).ConfigureAwait(false)
        )
        {
            return false;
        }

        items.Add(rest);
        return true;
    }
}
