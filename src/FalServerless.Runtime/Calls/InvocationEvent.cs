using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Protocol.Http;

namespace FalServerless.Runtime.Calls;

/// <summary>One event on its way from a worker to the caller. The bytes are rented: who drops it disposes it.</summary>
internal readonly struct InvocationEvent(InvocationEventKind kind, EventSource source, byte[] rented, int length) : IDisposable
{
    // The response's writer promises room only for what it is asked for.
    private const int Piece = 32 * 1024;

    public InvocationEventKind Kind => kind;

    public EventSource Source => source;

    public int Length => length;

    /// <summary>How many bytes it takes in a response.</summary>
    public int Size => EventHeader.Size + length;

    /// <summary>Of a log event: the line.</summary>
    public string Message => ReadMessage(rented.AsMemory(0, length));

    public bool IsLast => Ends(kind);

    public static bool Ends(InvocationEventKind kind) =>
        kind is InvocationEventKind.Result or InvocationEventKind.Failure or InvocationEventKind.Refusal;

    public static InvocationEvent Copy(InvocationEventKind kind, EventSource source, ReadOnlySpan<byte> payload)
    {
        var rented = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(rented);
        return new(kind, source, rented, payload.Length);
    }

    public void WriteTo(IBufferWriter<byte> output)
    {
        var header = output.GetSpan(EventHeader.Size);
        new EventHeader(kind, length).Write(header);
        output.Advance(EventHeader.Size);
        for (var payload = rented.AsSpan(0, length); !payload.IsEmpty; )
        {
            var piece = payload[..Math.Min(Piece, payload.Length)];
            piece.CopyTo(output.GetSpan(piece.Length));
            output.Advance(piece.Length);
            payload = payload[piece.Length..];
        }
    }

    // Workers are not trusted to write what they should: a line that cannot be read is no reason to lose the others.
    private static string ReadMessage(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return LogEntryCodec.Read(new(payload)).Message;
        }
        catch (ProtocolException)
        {
            return "";
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(rented);
}
