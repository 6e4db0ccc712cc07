using System.Buffers;
using FalServerless.Protocol;
using FalServerless.Runtime.Workers;

namespace FalServerless.Runtime.Gateway;

/// <summary>Events as they stand in a response: the payload's length (4 bytes, little-endian), the kind (1), the payload.</summary>
internal static class EventStream
{
    private const int Piece = 32 * 1024;

    public static long SizeOf(in InvocationEvent written) => EventHeader.Size + written.Payload.Length;

    public static void Write(IBufferWriter<byte> output, in InvocationEvent written)
    {
        var payload = written.Payload;
        var header = output.GetSpan(EventHeader.Size);
        new EventHeader(written.Kind, payload.Length).Write(header);
        output.Advance(EventHeader.Size);
        while (!payload.IsEmpty)
        {
            // The response's writer promises room only for what it is asked for.
            var piece = payload[..Math.Min(Piece, payload.Length)];
            piece.CopyTo(output.GetSpan(piece.Length));
            output.Advance(piece.Length);
            payload = payload[piece.Length..];
        }
    }
}
