using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace FalServerless.Serialization.MessagePack;

/// <summary>
/// Reads MessagePack from bytes that may come from anyone: whatever they hold, the only error is <see cref="ProtocolException"/>,
/// and no header makes it allocate more than the bytes that are really there.
/// </summary>
/// <remarks>Method names are those of the MessagePack-CSharp package, so that the package can take this one's place.</remarks>
internal ref struct MessagePackReader
{
    /// <summary>Values nested deeper than this are refused, long before a stack would end.</summary>
    public const int DefaultMaximumDepth = 512;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private SequenceReader<byte> _reader;

    public MessagePackReader(ReadOnlySequence<byte> sequence) => _reader = new(sequence);

    public MessagePackReader(ReadOnlyMemory<byte> memory)
        : this(new ReadOnlySequence<byte>(memory))
    {
    }

    /// <summary>How many values are open around the next one; callers that recurse keep it with <see cref="EnterNested"/>.</summary>
    public int Depth { get; private set; }

    public readonly ReadOnlySequence<byte> Sequence => _reader.Sequence;

    public readonly SequencePosition Position => _reader.Position;

    public readonly long Consumed => _reader.Consumed;

    public readonly long Remaining => _reader.Remaining;

    public readonly bool End => _reader.End;

    public readonly bool IsNil => NextCode == MessagePackCode.Nil;

    public readonly byte NextCode => _reader.TryPeek(out var code) ? code : throw Truncated();

    public readonly MessagePackType NextMessagePackType => MessagePackCode.ToMessagePackType(NextCode);

    /// <summary>Whether exactly these bytes come next; nothing is read.</summary>
    public readonly bool IsNext(scoped ReadOnlySpan<byte> bytes)
    {
        var unread = _reader.UnreadSpan;
        return unread.Length >= bytes.Length
            ? unread.StartsWith(bytes)
            : _reader.Remaining >= bytes.Length && _reader.IsNext(bytes);
    }

    /// <summary>Reads over these bytes if exactly they come next; else nothing is read.</summary>
    public bool TryReadRaw(scoped ReadOnlySpan<byte> bytes)
    {
        var isNext = IsNext(bytes);
        if (isNext)
        {
            _reader.Advance(bytes.Length);
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

        _reader.Advance(1);
        return true;
    }

    public bool ReadBoolean()
    {
        var code = NextCode;
        if (code is not (MessagePackCode.True or MessagePackCode.False))
        {
            throw Unexpected("a boolean");
        }

        _reader.Advance(1);
        return code == MessagePackCode.True;
    }

    public byte ReadByte() => ReadInteger<byte>();

    public ushort ReadUInt16() => ReadInteger<ushort>();

    public uint ReadUInt32() => ReadInteger<uint>();

    public ulong ReadUInt64() => ReadInteger<ulong>();

    public sbyte ReadSByte() => ReadInteger<sbyte>();

    public short ReadInt16() => ReadInteger<short>();

    public int ReadInt32() => ReadInteger<int>();

    public long ReadInt64() => ReadInteger<long>();

    public char ReadChar() => (char)ReadInteger<ushort>();

    public float ReadSingle()
    {
        var code = NextCode;
        if (code == MessagePackCode.Float32)
        {
            _reader.Advance(1);
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
                _reader.Advance(1);
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

        var length = ReadStringHeader();
        var bytes = _reader.UnreadSpan;
        try
        {
            if (bytes.Length >= length)
            {
                var text = StrictUtf8.GetString(bytes[..length]);
                _reader.Advance(length);
                return text;
            }

            return StrictUtf8.GetString(Take(length));
        }
        catch (DecoderFallbackException e)
        {
            throw new ProtocolException($"The string at byte {Consumed} is not UTF-8.", e);
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

        var before = _reader;
        var length = ReadStringHeader();
        if (_reader.UnreadSpan.Length < length)
        {
            _reader = before;
            return false;
        }

        span = _reader.UnreadSpan[..length];
        _reader.Advance(length);
        return true;
    }

    /// <summary>Binary data where they lie; nil gives null.</summary>
    public ReadOnlySequence<byte>? ReadBytes()
    {
        if (TryReadNil())
        {
            return null;
        }

        var code = NextCode;
        if (code is < MessagePackCode.Bin8 or > MessagePackCode.Bin32)
        {
            throw Unexpected("binary data");
        }

        _reader.Advance(1);
        return Take(ReadLength(1 << (code - MessagePackCode.Bin8)));
    }

    /// <summary>The count of items of an array, never more than there are bytes left: each item takes one at least.</summary>
    public int ReadArrayHeader()
    {
        var code = NextCode;
        long count;
        switch (code)
        {
            case >= MessagePackCode.MinFixArray and <= MessagePackCode.MaxFixArray:
                _reader.Advance(1);
                count = code & 0x0f;
                break;
            case MessagePackCode.Array16:
                _reader.Advance(1);
                count = (long)ReadBigEndian(2);
                break;
            case MessagePackCode.Array32:
                _reader.Advance(1);
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
                _reader.Advance(1);
                count = code & 0x0f;
                break;
            case MessagePackCode.Map16:
                _reader.Advance(1);
                count = (long)ReadBigEndian(2);
                break;
            case MessagePackCode.Map32:
                _reader.Advance(1);
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
                _reader.Advance(1);
                length = 1 << (code - MessagePackCode.FixExt1);
                break;
            case >= MessagePackCode.Ext8 and <= MessagePackCode.Ext32:
                _reader.Advance(1);
                length = ReadLength(1 << (code - MessagePackCode.Ext8));
                break;
            default:
                throw Unexpected("an extension");
        }

        var typeCode = unchecked((sbyte)ReadBigEndian(1));
        if (length > _reader.Remaining)
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
        var start = _reader.Position;
        Skip();
        return _reader.Sequence.Slice(start, _reader.Position);
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

    private static int IntegerSize(byte code) => code switch
    {
        MessagePackCode.UInt8 or MessagePackCode.Int8 => 1,
        MessagePackCode.UInt16 or MessagePackCode.Int16 => 2,
        MessagePackCode.UInt32 or MessagePackCode.Int32 => 4,
        MessagePackCode.UInt64 or MessagePackCode.Int64 => 8,
        _ => 0,
    };

    /// <summary>An integer of any width and signedness that fits into <typeparamref name="T"/>.</summary>
    public T ReadInteger<T>()
        where T : struct, IBinaryInteger<T>
    {
        var code = NextCode;
        if (code <= MessagePackCode.MaxFixInt)
        {
            _reader.Advance(1);
            return T.CreateTruncating(code);
        }

        if (MessagePackCode.ToMessagePackType(code) != MessagePackType.Integer)
        {
            throw Unexpected("an integer");
        }

        _reader.Advance(1);
        try
        {
            return code switch
            {
                >= MessagePackCode.MinNegativeFixInt => T.CreateChecked(unchecked((sbyte)code)),
                <= MessagePackCode.UInt64 => T.CreateChecked(ReadBigEndian(IntegerSize(code))),
                MessagePackCode.Int8 => T.CreateChecked(unchecked((sbyte)ReadBigEndian(1))),
                MessagePackCode.Int16 => T.CreateChecked(unchecked((short)ReadBigEndian(2))),
                MessagePackCode.Int32 => T.CreateChecked(unchecked((int)ReadBigEndian(4))),
                _ => T.CreateChecked(unchecked((long)ReadBigEndian(8))),
            };
        }
        catch (OverflowException e)
        {
            throw new ProtocolException($"The integer at byte {Consumed} does not fit into {typeof(T).Name}.", e);
        }
    }

    private int ReadStringHeader()
    {
        var code = NextCode;
        if (code is >= MessagePackCode.MinFixStr and <= MessagePackCode.MaxFixStr)
        {
            _reader.Advance(1);
            return CheckedLength(code & 0x1f);
        }

        if (code is < MessagePackCode.Str8 or > MessagePackCode.Str32)
        {
            throw Unexpected("a string");
        }

        _reader.Advance(1);
        return ReadLength(1 << (code - MessagePackCode.Str8));
    }

    private int ReadLength(int width) => CheckedLength((long)ReadBigEndian(width));

    private readonly int CheckedLength(long length) =>
        length <= Math.Min(_reader.Remaining, int.MaxValue) ? (int)length : throw Truncated();

    private readonly int CheckedCount(long count, int bytesPerItem, string what) =>
        count <= Math.Min(_reader.Remaining / bytesPerItem, int.MaxValue)
            ? (int)count
            : throw new ProtocolException($"The {what} at byte {Consumed} claims {count} items, more than the {_reader.Remaining} bytes behind it can hold.");

    private ReadOnlySequence<byte> Take(long length)
    {
        if (length < 0 || length > _reader.Remaining)
        {
            throw Truncated();
        }

        var bytes = _reader.UnreadSequence.Slice(0, length);
        _reader.Advance(length);
        return bytes;
    }

    private void Advance(long length)
    {
        if (length > _reader.Remaining)
        {
            throw Truncated();
        }

        _reader.Advance(length);
    }

    private ulong ReadBigEndian(int width)
    {
        var unread = _reader.UnreadSpan;
        if (unread.Length >= width)
        {
            _reader.Advance(width);
            return width switch
            {
                1 => unread[0],
                2 => BinaryPrimitives.ReadUInt16BigEndian(unread),
                4 => BinaryPrimitives.ReadUInt32BigEndian(unread),
                _ => BinaryPrimitives.ReadUInt64BigEndian(unread),
            };
        }

        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        if (!_reader.TryCopyTo(bytes[(8 - width)..]))
        {
            throw Truncated();
        }

        _reader.Advance(width);
        return BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    private readonly ProtocolException Truncated() => new($"The message ends in the middle of a value, at byte {Consumed} of {_reader.Sequence.Length}.");

    private readonly ProtocolException Unexpected(string expected) =>
        new($"Expected {expected} at byte {Consumed}, found {(NextMessagePackType == MessagePackType.Unknown ? "the never-used byte" : NextMessagePackType)} (0x{NextCode:x2}).");
}
