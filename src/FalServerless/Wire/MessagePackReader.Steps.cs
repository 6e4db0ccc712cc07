using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace FalServerless.Wire;

/// <content>The steps that the reads are made of: integers of any width, lengths that the bytes left must bear out, and the cursor.</content>
internal ref partial struct MessagePackReader
{
    private static int IntegerSize(byte code) => code switch
    {
        MessagePackCode.UInt8 or MessagePackCode.Int8 => 1,
        MessagePackCode.UInt16 or MessagePackCode.Int16 => 2,
        MessagePackCode.UInt32 or MessagePackCode.Int32 => 4,
        MessagePackCode.UInt64 or MessagePackCode.Int64 => 8,
        _ => 0,
    };

    private long ReadInteger(long least, long most, string type)
    {
        var start = Consumed;
        var value = ReadInteger(out var isBeyondInt64);
        return value >= least && value <= most && !isBeyondInt64 ? value : throw DoesNotFit(start, type);
    }

    // The upper half of the unsigned 64-bit range comes as the negative number of the same bits, and says so.
    private long ReadInteger(out bool isBeyondInt64)
    {
        isBeyondInt64 = false;
        var code = NextCode;
        switch (code)
        {
            case <= MessagePackCode.MaxFixInt or >= MessagePackCode.MinNegativeFixInt:
                Advance(1);
                return unchecked((sbyte)code);
            case MessagePackCode.UInt8:
                Advance(1);
                return (long)ReadBigEndian(1);
            case MessagePackCode.UInt16:
                Advance(1);
                return (long)ReadBigEndian(2);
            case MessagePackCode.UInt32:
                Advance(1);
                return (long)ReadBigEndian(4);
            case MessagePackCode.UInt64:
                Advance(1);
                var bits = unchecked((long)ReadBigEndian(8));
                isBeyondInt64 = bits < 0;
                return bits;
            case MessagePackCode.Int8:
                Advance(1);
                return unchecked((sbyte)ReadBigEndian(1));
            case MessagePackCode.Int16:
                Advance(1);
                return unchecked((short)ReadBigEndian(2));
            case MessagePackCode.Int32:
                Advance(1);
                return unchecked((int)ReadBigEndian(4));
            case MessagePackCode.Int64:
                Advance(1);
                return unchecked((long)ReadBigEndian(8));
            default:
                throw Unexpected("an integer");
        }
    }

    private int ReadStringHeader()
    {
        var code = NextCode;
        if (code is >= MessagePackCode.MinFixStr and <= MessagePackCode.MaxFixStr)
        {
            Advance(1);
            return CheckedLength(code & 0x1f);
        }

        if (code is < MessagePackCode.Str8 or > MessagePackCode.Str32)
        {
            throw Unexpected("a string");
        }

        Advance(1);
        return ReadLength(1 << (code - MessagePackCode.Str8));
    }

    private long ReadBinLength()
    {
        var code = NextCode;
        if (code is < MessagePackCode.Bin8 or > MessagePackCode.Bin32)
        {
            throw Unexpected("binary data");
        }

        Advance(1);
        return (long)ReadBigEndian(1 << (code - MessagePackCode.Bin8));
    }

    private int ReadLength(int width) => CheckedLength((long)ReadBigEndian(width));

    private readonly int CheckedLength(long length) =>
        length <= Math.Min(Remaining, int.MaxValue) ? (int)length : throw Truncated();

    private readonly int CheckedCount(long count, int bytesPerItem, string what) =>
        count <= Math.Min(Remaining / bytesPerItem, int.MaxValue)
            ? (int)count
            : throw new ProtocolException($"The {what} at byte {Consumed} claims {count} items, more than the {Remaining} bytes behind it can hold.");

    private ReadOnlySequence<byte> Take(long length)
    {
        if (length < 0 || length > Remaining)
        {
            throw Truncated();
        }

        var bytes = _sequence.Slice(Position, length);
        Advance(length);
        return bytes;
    }

    private void Advance(long length)
    {
        if (length < _span.Length - _at)
        {
            _at += (int)length;
        }
        else
        {
            AdvanceBeyondSegment(length);
        }
    }

    private void AdvanceBeyondSegment(long length)
    {
        if (length > Remaining)
        {
            throw Truncated();
        }

        for (var left = _span.Length - _at; length >= left; left = _span.Length)
        {
            var next = _next;
            if (!_sequence.TryGet(ref _next, out var memory))
            {
                _at = _span.Length;
                return;
            }

            length -= left;
            _before += _span.Length;
            _current = next;
            _span = memory.Span;
            _at = 0;
        }

        _at += (int)length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong ReadBigEndian(int width)
    {
        if (_span.Length - _at <= width)
        {
            return ReadBigEndianByByte(width);
        }

        var bytes = _span[_at..];
        _at += width;
        return width switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32BigEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64BigEndian(bytes),
        };
    }

    private ulong ReadBigEndianByByte(int width)
    {
        ulong value = 0;
        for (var left = width; left > 0; left--)
        {
            value = (value << 8) | NextCode;
            Advance(1);
        }

        return value;
    }

    private static ProtocolException DoesNotFit(long start, string type) => new($"The integer at byte {start} does not fit into {type}.");

    private readonly ProtocolException Truncated() => new($"The message ends in the middle of a value, at byte {Consumed} of {_length}.");

    private readonly ProtocolException Unexpected(string expected) =>
        new($"Expected {expected} at byte {Consumed}, found {(NextMessagePackType == MessagePackType.Unknown ? "the never-used byte" : NextMessagePackType)} (0x{NextCode:x2}).");
}
