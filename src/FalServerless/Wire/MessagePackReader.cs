using System.Buffers;
using System.Numerics;
using System.Text;

namespace FalServerless.Wire;

/// <summary>
/// Reads MessagePack from bytes that may come from anyone: whatever they hold, the only error is <see cref="ProtocolException"/>,
/// and no header makes it allocate more than the bytes that are really there.
/// </summary>
/// <remarks>Method names are those of the MessagePack-CSharp package, so that the package can take this one's place.</remarks>
internal ref partial struct MessagePackReader
{
    /// <summary>Values nested deeper than this are refused, long before a stack would end.</summary>
    public const int DefaultMaximumDepth = 512;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // A cursor of its own instead of a SequenceReader: reading a small value from one segment is the hot path, and takes half the time so.
    private readonly ReadOnlySequence<byte> _sequence;
    private readonly long _length;
    private SequencePosition _current;
    private SequencePosition _next;
    private ReadOnlySpan<byte> _span;
    private long _before;

    // Always inside the span, except at the end of the message.
    private int _at;

    public MessagePackReader(ReadOnlySequence<byte> sequence)
    {
        _sequence = sequence;
        _length = sequence.Length;
        _current = sequence.Start;
        _span = sequence.FirstSpan;
        if (!sequence.IsSingleSegment)
        {
            _next = _current;
            sequence.TryGet(ref _next, out _);
            Advance(0);
        }
    }

    public MessagePackReader(ReadOnlyMemory<byte> memory)
        : this(new ReadOnlySequence<byte>(memory))
    {
    }

    /// <summary>How many values are open around the next one; callers that recurse keep it with <see cref="EnterNested"/>.</summary>
    public int Depth { get; private set; }

    public readonly ReadOnlySequence<byte> Sequence => _sequence;

    public readonly SequencePosition Position => _sequence.GetPosition(_at, _current);

    public readonly long Consumed => _before + _at;

    public readonly long Remaining => _length - _before - _at;

    public readonly bool End => _at == _span.Length;

    public readonly bool IsNil => NextCode == MessagePackCode.Nil;

    public readonly byte NextCode => _at < _span.Length ? _span[_at] : throw Truncated();

    public readonly MessagePackType NextMessagePackType => MessagePackCode.ToMessagePackType(NextCode);

    /// <summary>Whether exactly these bytes come next; nothing is read.</summary>
    public readonly bool IsNext(scoped ReadOnlySpan<byte> bytes)
    {
        var unread = _span[_at..];
        if (unread.Length >= bytes.Length)
        {
            return unread.StartsWith(bytes);
        }

        if (Remaining < bytes.Length)
        {
            return false;
        }

        // Across segments, which is rare and short.
        Span<byte> next = stackalloc byte[bytes.Length];
        _sequence.Slice(Position, bytes.Length).CopyTo(next);
        return next.SequenceEqual(bytes);
    }

    /// <summary>Reads over these bytes if exactly they come next; else nothing is read.</summary>
    public bool TryReadRaw(scoped ReadOnlySpan<byte> bytes)
    {
        var isNext = IsNext(bytes);
        if (isNext)
        {
            Advance(bytes.Length);
        }

        return isNext;
    }

    /// <summary>Opens a nested value; refuses one that is deeper than the limit.</summary>
    public void EnterNested(int maximumDepth = DefaultMaximumDepth)
    {
        if (++Depth > maximumDepth)
        {
            throw new ProtocolException($"The message is nested deeper than {maximumDepth} values.");
        }
    }

    public void LeaveNested() => Depth--;

    public void ReadNil()
    {
        if (!TryReadNil())
        {
            throw Unexpected("nil");
        }
    }

    public bool TryReadNil()
    {
        if (NextCode != MessagePackCode.Nil)
        {
            return false;
        }

        Advance(1);
        return true;
    }

    public bool ReadBoolean()
    {
        var code = NextCode;
        if (code is not (MessagePackCode.True or MessagePackCode.False))
        {
            throw Unexpected("a boolean");
        }

        Advance(1);
        return code == MessagePackCode.True;
    }

    public byte ReadByte() => (byte)ReadInteger(byte.MinValue, byte.MaxValue, nameof(Byte));

    public ushort ReadUInt16() => (ushort)ReadInteger(ushort.MinValue, ushort.MaxValue, nameof(UInt16));

    public uint ReadUInt32() => (uint)ReadInteger(uint.MinValue, uint.MaxValue, nameof(UInt32));

    public ulong ReadUInt64()
    {
        var start = Consumed;
        var value = ReadInteger(out var isBeyondInt64);
        return value >= 0 || isBeyondInt64 ? unchecked((ulong)value) : throw DoesNotFit(start, nameof(UInt64));
    }

    public sbyte ReadSByte() => (sbyte)ReadInteger(sbyte.MinValue, sbyte.MaxValue, nameof(SByte));

    public short ReadInt16() => (short)ReadInteger(short.MinValue, short.MaxValue, nameof(Int16));

    public int ReadInt32() => (int)ReadInteger(int.MinValue, int.MaxValue, nameof(Int32));

    public long ReadInt64() => ReadInteger(long.MinValue, long.MaxValue, nameof(Int64));

    public char ReadChar() => (char)ReadInteger(char.MinValue, char.MaxValue, nameof(Char));

    public float ReadSingle()
    {
        var code = NextCode;
        if (code == MessagePackCode.Float32)
        {
            Advance(1);
            return BitConverter.UInt32BitsToSingle((uint)ReadBigEndian(4));
        }

        throw Unexpected("a 32-bit float");
    }

    /// <summary>A float of either width: every 32-bit one is a 64-bit one too.</summary>
    public double ReadDouble()
    {
        switch (NextCode)
        {
            case MessagePackCode.Float32:
                return ReadSingle();
            case MessagePackCode.Float64:
                Advance(1);
                return BitConverter.UInt64BitsToDouble(ReadBigEndian(8));
            default:
                throw Unexpected("a 64-bit float");
        }
    }

    public string? ReadString()
    {
        if (TryReadNil())
        {
            return null;
        }

        var start = Consumed;
        var length = ReadStringHeader();
        try
        {
            if (_span.Length - _at >= length)
            {
                var text = StrictUtf8.GetString(_span.Slice(_at, length));
                Advance(length);
                return text;
            }

            return StrictUtf8.GetString(Take(length));
        }
        catch (DecoderFallbackException e)
        {
            throw new ProtocolException($"The string at byte {start} is not UTF-8.", e);
        }
    }

    /// <summary>A string's UTF-8 without decoding it; nil gives null.</summary>
    public ReadOnlySequence<byte>? ReadStringSequence() => TryReadNil() ? null : Take(ReadStringHeader());

    /// <summary>A string's UTF-8 where it lies in one piece; otherwise nothing is read.</summary>
    public bool TryReadStringSpan(out ReadOnlySpan<byte> span)
    {
        span = default;
        if (NextMessagePackType != MessagePackType.String)
        {
            return false;
        }

        var before = this;
        var length = ReadStringHeader();
        if (_span.Length - _at < length)
        {
            this = before;
            return false;
        }

        span = _span.Slice(_at, length);
        Advance(length);
        return true;
    }

    /// <summary>Binary data where they lie; nil gives null.</summary>
    public ReadOnlySequence<byte>? ReadBytes()
    {
        if (TryReadNil())
        {
            return null;
        }

        return Take(CheckedLength(ReadBinLength()));
    }

    /// <summary>The length of binary data whose bytes follow, and need not all be there yet.</summary>
    public int ReadBinHeader() => ReadBinLength() is <= int.MaxValue and var length
        ? (int)length
        : throw new ProtocolException($"The binary data at byte {Consumed} claims more bytes than any may have.");

    /// <summary>The count of items of an array, never more than there are bytes left: each item takes one at least.</summary>
    public int ReadArrayHeader()
    {
        var code = NextCode;
        long count;
        switch (code)
        {
            case >= MessagePackCode.MinFixArray and <= MessagePackCode.MaxFixArray:
                Advance(1);
                count = code & 0x0f;
                break;
            case MessagePackCode.Array16:
                Advance(1);
                count = (long)ReadBigEndian(2);
                break;
            case MessagePackCode.Array32:
                Advance(1);
                count = (long)ReadBigEndian(4);
                break;
            default:
                throw Unexpected("an array");
        }

        return CheckedCount(count, bytesPerItem: 1, "array");
    }

    public bool TryReadArrayHeader(out int count)
    {
        var isArray = NextMessagePackType == MessagePackType.Array;
        count = isArray ? ReadArrayHeader() : 0;
        return isArray;
    }

    /// <summary>The count of pairs of a map, never more than half the bytes that are left.</summary>
    public int ReadMapHeader()
    {
        var code = NextCode;
        long count;
        switch (code)
        {
            case >= MessagePackCode.MinFixMap and <= MessagePackCode.MaxFixMap:
                Advance(1);
                count = code & 0x0f;
                break;
            case MessagePackCode.Map16:
                Advance(1);
                count = (long)ReadBigEndian(2);
                break;
            case MessagePackCode.Map32:
                Advance(1);
                count = (long)ReadBigEndian(4);
                break;
            default:
                throw Unexpected("a map");
        }

        return CheckedCount(count, bytesPerItem: 2, "map");
    }

    public ExtensionHeader ReadExtensionFormatHeader()
    {
        var code = NextCode;
        int length;
        switch (code)
        {
            case >= MessagePackCode.FixExt1 and <= MessagePackCode.FixExt16:
                Advance(1);
                length = 1 << (code - MessagePackCode.FixExt1);
                break;
            case >= MessagePackCode.Ext8 and <= MessagePackCode.Ext32:
                Advance(1);
                length = ReadLength(1 << (code - MessagePackCode.Ext8));
                break;
            default:
                throw Unexpected("an extension");
        }

        var typeCode = unchecked((sbyte)ReadBigEndian(1));
        if (length > Remaining)
        {
            throw Truncated();
        }

        return new(typeCode, (uint)length);
    }

    public ExtensionResult ReadExtensionFormat()
    {
        var header = ReadExtensionFormatHeader();
        return new(header.TypeCode, Take((int)header.Length));
    }

    /// <summary>The timestamp extension as a UTC time; parts of a tick are cut off.</summary>
    public DateTime ReadDateTime()
    {
        var (seconds, nanoseconds) = ReadTimestamp();
        var earliest = (DateTime.MinValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
        var latest = (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;
        if (seconds < earliest || seconds > latest)
        {
            throw new ProtocolException($"The timestamp of {seconds} s is outside what a DateTime can hold.");
        }

        return DateTime.UnixEpoch.AddTicks((seconds * TimeSpan.TicksPerSecond) + (nanoseconds / TimeSpan.NanosecondsPerTick));
    }

    /// <summary>The timestamp extension in seconds and nanoseconds since 1970-01-01 UTC.</summary>
    public (long Seconds, uint Nanoseconds) ReadTimestamp()
    {
        var header = ReadExtensionFormatHeader();
        if (header.TypeCode != ExtensionHeader.Timestamp)
        {
            throw new ProtocolException($"Expected a timestamp, found an extension of type {header.TypeCode}.");
        }

        long seconds;
        uint nanoseconds;
        switch (header.Length)
        {
            case 4:
                return ((long)ReadBigEndian(4), 0);
            case 8:
                var packed = ReadBigEndian(8);
                seconds = (long)(packed & 0x3_ffff_ffff);
                nanoseconds = (uint)(packed >> 34);
                break;
            case 12:
                nanoseconds = (uint)ReadBigEndian(4);
                seconds = unchecked((long)ReadBigEndian(8));
                break;
            default:
                throw new ProtocolException($"A timestamp takes 4, 8 or 12 bytes, not {header.Length}.");
        }

        return nanoseconds <= 999_999_999
            ? (seconds, nanoseconds)
            : throw new ProtocolException($"A timestamp holds at most 999999999 ns, not {nanoseconds}.");
    }

    /// <summary>The next bytes as they are.</summary>
    public ReadOnlySequence<byte> ReadRaw(long length) => Take(length);

    /// <summary>The next value's bytes, header included, without decoding it.</summary>
    public ReadOnlySequence<byte> ReadRaw()
    {
        var start = Position;
        Skip();
        return _sequence.Slice(start, Position);
    }

    /// <summary>Walks over the next value, however it is nested, with a counter instead of a stack.</summary>
    public void Skip()
    {
        for (ulong open = 1; open > 0; open--)
        {
            switch (NextMessagePackType)
            {
                case MessagePackType.Array:
                    open += (ulong)ReadArrayHeader();
                    break;
                case MessagePackType.Map:
                    open += 2UL * (ulong)ReadMapHeader();
                    break;
                case MessagePackType.String:
                    Advance(ReadStringHeader());
                    break;
                case MessagePackType.Binary:
                    ReadBytes();
                    break;
                case MessagePackType.Extension:
                    Advance(ReadExtensionFormatHeader().Length);
                    break;
                case MessagePackType.Float:
                    Advance(NextCode == MessagePackCode.Float32 ? 5 : 9);
                    break;
                case MessagePackType.Nil or MessagePackType.Boolean:
                    Advance(1);
                    break;
                case MessagePackType.Integer:
                    Advance(1 + IntegerSize(NextCode));
                    break;
                default:
                    throw Unexpected("a MessagePack value");
            }
        }
    }

    /// <summary>An integer of any width and signedness that fits into <typeparamref name="T"/>, which has 64 bits at most.</summary>
    public T ReadInteger<T>()
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var start = Consumed;
        var value = ReadInteger(out var isBeyondInt64);
        if (isBeyondInt64)
        {
            return T.MaxValue > T.CreateSaturating(long.MaxValue) ? T.CreateTruncating(unchecked((ulong)value)) : throw DoesNotFit(start, typeof(T).Name);
        }

        var read = T.CreateTruncating(value);
        return long.CreateSaturating(read) == value && T.IsNegative(read) == (value < 0) ? read : throw DoesNotFit(start, typeof(T).Name);
    }
}
