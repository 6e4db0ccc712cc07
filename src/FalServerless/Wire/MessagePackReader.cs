using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using MessagePack;

namespace FalServerless.Wire;

/// <summary>
/// Reads MessagePack from bytes that may come from anyone: the package's reader, with <see cref="ProtocolException"/> as its only error
/// whatever the bytes hold. No header makes it allocate more than the bytes that are really there.
/// </summary>
internal ref struct MessagePackReader
{
    /// <summary>Values nested deeper than this are refused, long before a stack would end.</summary>
    public const int DefaultMaximumDepth = 512;

    private const string Integer = "an integer";

    // The message where it is in one piece: comparing with what comes next is a hot path, and the package has none for it.
    private readonly ReadOnlySpan<byte> _whole;
    private MessagePack.MessagePackReader _reader;

    public MessagePackReader(ReadOnlySequence<byte> sequence)
    {
        if (sequence.IsSingleSegment)
        {
            _reader = new(sequence.First);
            _whole = sequence.FirstSpan;
        }
        else
        {
            _reader = new(sequence);
        }
    }

    public MessagePackReader(ReadOnlyMemory<byte> memory)
    {
        _reader = new(memory);
        _whole = memory.Span;
    }

    /// <summary>How many values are open around the next one; callers that recurse keep it with <see cref="EnterNested"/>.</summary>
    public int Depth => _reader.Depth;

    public long Consumed => _reader.Consumed;

    public long Remaining => _reader.Sequence.Length - _reader.Consumed;

    public bool End => _reader.End;

    public byte NextCode => _reader.End ? throw Truncated(Consumed) : _reader.NextCode;

    public MessagePackType NextMessagePackType => MessagePackCode.ToMessagePackType(NextCode);

    /// <summary>Whether exactly these bytes come next; nothing is read.</summary>
    public bool IsNext(scoped ReadOnlySpan<byte> bytes)
    {
        if (!_whole.IsEmpty)
        {
            return _whole[(int)Consumed..].StartsWith(bytes);
        }

        if (Remaining < bytes.Length)
        {
            return false;
        }

        // Across segments, which is rare and short.
        Span<byte> next = stackalloc byte[bytes.Length];
        _reader.Sequence.Slice(_reader.Position, bytes.Length).CopyTo(next);
        return next.SequenceEqual(bytes);
    }

    /// <summary>Reads over these bytes if exactly they come next; else nothing is read.</summary>
    public bool TryReadRaw(scoped ReadOnlySpan<byte> bytes)
    {
        if (!IsNext(bytes))
        {
            return false;
        }

        // A short string, as the name of a member is, is passed over in half the time.
        if (
            bytes[0] is not (>= MessagePackCode.MinFixStr and <= MessagePackCode.MaxFixStr)
            || bytes.Length != 1 + bytes[0] - MessagePackCode.MinFixStr
            || !_reader.TryReadStringSpan(out _)
        )
        {
            _reader.ReadRaw(bytes.Length);
        }

        return true;
    }

    /// <summary>Opens a nested value; refuses one that is deeper than the limit.</summary>
    public void EnterNested(int maximumDepth = DefaultMaximumDepth)
    {
        if (++_reader.Depth > maximumDepth)
        {
            throw new ProtocolException($"The message is nested deeper than {maximumDepth} values.");
        }
    }

    public void LeaveNested() => _reader.Depth--;

    public void ReadNil() => Read<Reads.Nothing, Nil>("nil");

    public bool TryReadNil() => NextCode == MessagePackCode.Nil && _reader.TryReadNil();

    public bool ReadBoolean() => Read<Reads.Flag, bool>("a boolean");

    public byte ReadByte() => Read<Reads.Byte, byte>(Integer);

    public ushort ReadUInt16() => Read<Reads.UInt16, ushort>(Integer);

    public uint ReadUInt32() => Read<Reads.UInt32, uint>(Integer);

    public ulong ReadUInt64() => Read<Reads.UInt64, ulong>(Integer);

    public char ReadChar() => Read<Reads.Char, char>(Integer);

    public sbyte ReadSByte() => Read<Reads.SByte, sbyte>(Integer);

    public short ReadInt16() => Read<Reads.Int16, short>(Integer);

    public int ReadInt32() => Read<Reads.Int32, int>(Integer);

    public long ReadInt64() => Read<Reads.Int64, long>(Integer);

    public float ReadSingle() => Read<Reads.NarrowFloat, float>("a 32-bit float");

    /// <summary>A float of either width: every 32-bit one is a 64-bit one too.</summary>
    public double ReadDouble() => Read<Reads.WideFloat, double>("a 64-bit float");

    public string? ReadString() => Read<Reads.Text, string?>("a string");

    /// <summary>Binary data without a copy; nil gives null.</summary>
    public ReadOnlySequence<byte>? ReadBytes() => Read<Reads.Binary, ReadOnlySequence<byte>?>("binary data");

    /// <summary>The length of binary data whose bytes follow, and need not all be there yet.</summary>
    public int ReadBinHeader() => Read<Reads.BinaryHeader, int>("binary data");

    /// <summary>The count of items of an array, never more than there are bytes left: each item takes one at least.</summary>
    public int ReadArrayHeader() => Read<Reads.ArrayHeader, int>("an array");

    public bool TryReadArrayHeader(out int count)
    {
        var isArray = NextMessagePackType == MessagePackType.Array;
        count = isArray ? ReadArrayHeader() : 0;
        return isArray;
    }

    /// <summary>The count of pairs of a map, never more than half the bytes that are left.</summary>
    public int ReadMapHeader() => Read<Reads.MapHeader, int>("a map");

    public ExtensionHeader ReadExtensionFormatHeader() => Read<Reads.ExtensionHeader, ExtensionHeader>("an extension");

    public ExtensionResult ReadExtensionFormat() => Read<Reads.Extension, ExtensionResult>("an extension");

    /// <summary>The timestamp extension as a UTC time; parts of a tick are cut off.</summary>
    public DateTime ReadDateTime() => Read<Reads.Time, DateTime>("a timestamp");

    /// <summary>The next bytes as they are.</summary>
    public ReadOnlySequence<byte> ReadRaw(long length) =>
        length >= 0 && length <= Remaining ? _reader.ReadRaw(length) : throw Truncated(Consumed);

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
        // The package's own takes the count of an array for negative where it has 32 bits, and ends there.
        for (var open = 1L; open > 0; open--)
        {
            switch (NextMessagePackType)
            {
                case MessagePackType.Array:
                    open += ReadArrayHeader();
                    break;
                case MessagePackType.Map:
                    open += 2L * ReadMapHeader();
                    break;
                default:
                    Read<Reads.Rest, Nil>("a MessagePack value");
                    break;
            }
        }
    }

    // The one place where the package's errors become the protocol's. Inlined, as a call more would be a third of the time of a small read.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private T Read<TRead, T>(string what)
        where TRead : struct, IRead<T>
    {
        var start = Consumed;
        try
        {
            return TRead.From(ref _reader);
        }
        catch (Exception e) when (e is MessagePackSerializationException or EndOfStreamException or OverflowException or ArgumentException)
        {
            throw Refused(start, what, typeof(T), e);
        }
    }

    private ProtocolException Refused(long start, string what, Type type, Exception e) =>
        e switch
        {
            MessagePackSerializationException => Unexpected(start, what),
            EndOfStreamException => Truncated(start),
            OverflowException => new($"The integer at byte {start} does not fit into {type.Name}.", e),
            DecoderFallbackException => new($"The string at byte {start} is not UTF-8.", e),
            _ => new($"The value at byte {start} cannot be read as {what}.", e),
        };

    private ProtocolException Truncated(long start) =>
        new($"The message ends in the middle of the value at byte {start}, after {_reader.Sequence.Length} bytes.");

    private ProtocolException Unexpected(long start, string expected)
    {
        Span<byte> code = [0];
        _reader.Sequence.Slice(start, 1).CopyTo(code);
        var type = MessagePackCode.ToMessagePackType(code[0]);
        return new(
            $"Expected {expected} at byte {start}, found {(type == MessagePackType.Unknown ? "the never-used byte" : type)} "
                + $"(0x{code[0]:x2})."
        );
    }
}
