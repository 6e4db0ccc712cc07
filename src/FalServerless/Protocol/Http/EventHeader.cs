using System.Buffers.Binary;

namespace FalServerless.Protocol.Http;

/// <summary>Precedes each event of a response: the payload's length (4 bytes, little-endian), the kind (1).</summary>
internal readonly record struct EventHeader(InvocationEventKind Kind, int PayloadLength)
{
    public const int Size = 5;

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, PayloadLength);
        destination[4] = (byte)Kind;
    }

    /// <exception cref="ProtocolException">The length or the kind is none that an event may have.</exception>
    public static EventHeader Read(ReadOnlySpan<byte> source)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(source);
        var kind = (InvocationEventKind)source[4];
        if (length is < 0 or > ProtocolLimits.MaximumEvent)
        {
            throw new ProtocolException($"An event claims {(uint)length} bytes; the limit is {ProtocolLimits.MaximumEvent}.");
        }

        return kind is >= InvocationEventKind.Log and <= InvocationEventKind.Restart
            ? new(kind, length)
            : throw new ProtocolException($"An event is of kind {source[4]}, which does not exist.");
    }
}
