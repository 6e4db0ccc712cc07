using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Runtime.Calls;

namespace FalServerless.Runtime.Detached;

/// <summary>How a detached call ended.</summary>
internal sealed record CallEnd
{
    /// <summary>What it has become.</summary>
    public required InvocationStatus Status { get; init; }

    /// <summary>The events before the last one that are not in the call's file.</summary>
    public ReadOnlyMemory<byte> Before { get; init; }

    /// <summary>How many these are.</summary>
    public int BeforeEvents { get; init; }

    /// <summary>The event that ends the call, as it stands in a response.</summary>
    public required ReadOnlyMemory<byte> Last { get; init; }

    /// <summary>Why the host ended it; null where the body did.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>All that is not in the file: it becomes the store's together with the status.</summary>
    public byte[] Tail => [.. Before.Span, .. Last.Span];

    public int TailEvents => BeforeEvents + 1;

    /// <summary>The end that a call's last event tells.</summary>
    public static CallEnd Of(ReadOnlyMemory<byte> last)
    {
        var kind = EventHeader.Read(last.Span).Kind;
        var refusal = kind == InvocationEventKind.Refusal ? RefusalCodec.Read(new(last[EventHeader.Size..])) : null;
        return new()
        {
            Status =
                kind == InvocationEventKind.Result ? InvocationStatus.Succeeded
                : refusal?.Reason == RefusalReason.Cancelled ? InvocationStatus.Cancelled
                : InvocationStatus.Failed,
            Last = last,
            Refusal = refusal,
        };
    }

    public static CallEnd Of(Refusal refusal)
    {
        var output = new ArrayBufferWriter<byte>();
        using var last = InvocationEvent.Copy(InvocationEventKind.Refusal, EventSource.Once, RefusalCodec.Write(refusal));
        last.WriteTo(output);
        return Of(output.WrittenMemory);
    }
}
