using System.Buffers.Binary;
using System.Text;

namespace FalServerless.Protocol.Worker;

/// <summary>
/// Opens the frame of a call: the function's hash (32 bytes), the length of the whole payload (4, little-endian), the flags (1),
/// the length of the machine type's name (1), the length of the cultures (2, little-endian), the name in UTF-8 and the cultures. The
/// payload's first bytes follow.
/// </summary>
internal readonly record struct WorkerInvoke
{
    private const int NameAt = ContentHash.Size + 8;
    private const int LongestName = 255;

    public required ContentHash Function { get; init; }

    public required int PayloadLength { get; init; }

    /// <summary>Whether other calls may come while this one runs; then it must not hold the thread that reads them.</summary>
    public required bool IsConcurrent { get; init; }

    /// <summary>The machine type that the caller asked for.</summary>
    public required string MachineType { get; init; }

    /// <summary>The cultures of the caller; empty for the invariant one. Good as long as the frame that they were read from.</summary>
    public ReadOnlyMemory<byte> Cultures { get; init; }

    /// <summary>What the opening takes at most.</summary>
    public int MaximumSize => NameAt + LongestName + Cultures.Length;

    /// <summary>Writes the opening; returns how long it is.</summary>
    public int Write(Span<byte> destination)
    {
        Function.Bytes.CopyTo(destination);
        BinaryPrimitives.WriteInt32LittleEndian(destination[ContentHash.Size..], PayloadLength);
        destination[ContentHash.Size + 4] = IsConcurrent ? (byte)1 : (byte)0;
        var length = Encoding.UTF8.GetBytes(MachineType, destination.Slice(NameAt, LongestName));
        destination[ContentHash.Size + 5] = (byte)length;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[(ContentHash.Size + 6)..], checked((ushort)Cultures.Length));
        Cultures.Span.CopyTo(destination[(NameAt + length)..]);
        return NameAt + length + Cultures.Length;
    }

    /// <summary>Reads the opening; the rest of the frame are the payload's first bytes.</summary>
    /// <exception cref="ProtocolException">The frame is too short, or longer than the payload that it announces.</exception>
    public static WorkerInvoke Read(ReadOnlyMemory<byte> memory, out int size)
    {
        var frame = memory.Span;
        var nameEnd = frame.Length < NameAt ? int.MaxValue : NameAt + frame[ContentHash.Size + 5];
        size = frame.Length < nameEnd ? int.MaxValue : nameEnd + BinaryPrimitives.ReadUInt16LittleEndian(frame[(ContentHash.Size + 6)..]);
        if (frame.Length < size)
        {
            throw new ProtocolException($"A call's frame of {frame.Length} bytes is too short.");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(frame[ContentHash.Size..]);
        if (length is < 0 or > ProtocolLimits.MaximumBody || frame.Length - size > length)
        {
            throw new ProtocolException(
                $"A call announces a payload of {(uint)length} bytes, and its first frame holds {frame.Length - size}; the limit is "
                    + $"{ProtocolLimits.MaximumBody}."
            );
        }

        return new()
        {
            Function = ContentHash.From(frame[..ContentHash.Size]),
            PayloadLength = length,
            IsConcurrent = (frame[ContentHash.Size + 4] & 1) != 0,
            MachineType = Encoding.UTF8.GetString(frame[NameAt..nameEnd]),
            Cultures = memory[nameEnd..size],
        };
    }
}
