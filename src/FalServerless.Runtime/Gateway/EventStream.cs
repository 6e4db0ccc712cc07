using System.Buffers;
using System.Buffers.Binary;
using FalServerless.Protocol;
using FalServerless.Runtime.Workers;

namespace FalServerless.Runtime.Gateway;

/// <summary>Events as they stand in a response: the payload's length (4 bytes, little-endian), the kind (1), the payload.</summary>
internal static class EventStream
{
    public static void Write(IBufferWriter<byte> output, in InvocationEvent written)
    {
        var header = output.GetSpan(EventHeader.Size);
        new EventHeader(written.Kind, written.Payload.Length).Write(header);
        output.Advance(EventHeader.Size);
        output.Write(written.Payload);
    }
}
