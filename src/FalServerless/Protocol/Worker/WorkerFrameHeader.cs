using System.Buffers.Binary;

namespace FalServerless.Protocol.Worker;

/// <summary>Precedes each frame: the payload's length (4 bytes, little-endian), the kind (1), the invocation's id (16).</summary>
internal readonly record struct WorkerFrameHeader(WorkerFrameKind Kind, Guid Invocation, int PayloadLength)
{
    public const int Size = 21;

    /// <summary>The most that one frame may take: a whole function with the paths of its assemblies.</summary>
    public const int MaximumPayload = 2 * ProtocolLimits.MaximumHead;

    /// <exception cref="ProtocolException">No frame may be so long.</exception>
    public static WorkerFrameHeader For(WorkerFrameKind kind, Guid invocation, long payloadLength) =>
        payloadLength <= MaximumPayload
            ? new(kind, invocation, (int)payloadLength)
            : throw new ProtocolException($"A frame of {payloadLength} bytes is over the limit of {MaximumPayload}.");

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, PayloadLength);
        destination[4] = (byte)Kind;
        Invocation.TryWriteBytes(destination[5..]);
    }

    /// <exception cref="ProtocolException">The length or the kind is none that a frame may have.</exception>
    public static WorkerFrameHeader Read(ReadOnlySpan<byte> source)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(source);
        var kind = (WorkerFrameKind)source[4];
        if (length is < 0 or > MaximumPayload)
        {
            throw new ProtocolException($"A frame claims {(uint)length} bytes; the limit is {MaximumPayload}.");
        }

        if (kind is < WorkerFrameKind.Hello or > WorkerFrameKind.Claim)
        {
            throw new ProtocolException($"A frame is of kind {source[4]}, which does not exist.");
        }

        return new(kind, new Guid(source.Slice(5, 16)), length);
    }
}
