using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace FalServerless.Wire;

/// <summary>
/// Writes MessagePack to a buffer writer, each value in its shortest format. Nothing is visible in the output before <see cref="Flush"/>.
/// </summary>
/// <remarks>Method names are those of the MessagePack-CSharp package, so that the package can take this one's place.</remarks>
internal ref struct MessagePackWriter
{
    // Large content goes into the output in pieces, so that no output has to find room for all of it at once.
    private const int LargestPiece = 64 << 10;

    private readonly IBufferWriter<byte> _output;
    private Span<byte> _span;
    private int _used;
    private long _flushed;

    public MessagePackWriter(IBufferWriter<byte> writer)
    {
        _output = writer;
        _span = default;
        _used = 0;
        _flushed = 0;
    }

    /// <summary>How many bytes this writer has written, flushed or not.</summary>
    public readonly long Written => _flushed + _used;

    /// <summary>Hands what was written so far to the buffer writer.</summary>
    public void Flush()
    {
        if (_used > 0)
        {
            _output.Advance(_used);
            _flushed += _used;
        }

        _span = default;
        _used = 0;
    }

    /// <summary>Room for at least <paramref name="length"/> bytes; <see cref="Advance"/> says how many were used.</summary>
    public Span<byte> GetSpan(int length)
    {
        if (_span.Length - _used < length)
        {
            Flush();
            _span = _output.GetSpan(length);
        }

        return _span[_used..];
    }

    public void Advance(int length) => _used += length;

    public void WriteNil() => WriteCode(MessagePackCode.Nil);

    public void Write(bool value) => WriteCode(value ? MessagePackCode.True : MessagePackCode.False);

    public void Write(byte value) => Write((ulong)value);

    public void Write(ushort value) => Write((ulong)value);

    public void Write(uint value) => Write((ulong)value);

    public void Write(char value) => Write((ulong)value);

    public void Write(sbyte value) => Write((long)value);

    public void Write(short value) => Write((long)value);

    public void Write(int value) => Write((long)value);

    public void Write(ulong value)
    {
        if (value <= MessagePackCode.MaxFixInt)
        {
            WriteCode((byte)value);
        }
        else if (value <= byte.MaxValue)
        {
            WriteUInt8((byte)value);
        }
        else if (value <= ushort.MaxValue)
        {
            WriteUInt16((ushort)value);
        }
        else if (value <= uint.MaxValue)
        {
            WriteUInt32((uint)value);
        }
        else
        {
            WriteUInt64(value);
        }
    }

    public void Write(long value)
    {
        if (value >= 0)
        {
            Write((ulong)value);
        }
        else if (value >= -32)
        {
            WriteCode(unchecked((byte)value));
        }
        else if (value >= sbyte.MinValue)
        {
            WriteInt8((sbyte)value);
        }
        else if (value >= short.MinValue)
        {
            WriteInt16((short)value);
        }
        else if (value >= int.MinValue)
        {
            WriteInt32((int)value);
        }
        else
        {
            WriteInt64(value);
        }
    }

    public void WriteUInt8(byte value)
    {
        var span = GetSpan(2);
        span[1] = value;
        span[0] = MessagePackCode.UInt8;
        Advance(2);
    }

    public void WriteUInt16(ushort value) => WriteCodeAnd2(MessagePackCode.UInt16, value);

    public void WriteUInt32(uint value) => WriteCodeAnd4(MessagePackCode.UInt32, value);

    public void WriteUInt64(ulong value) => WriteCodeAnd8(MessagePackCode.UInt64, value);

    public void WriteInt8(sbyte value)
    {
        var span = GetSpan(2);
        span[1] = unchecked((byte)value);
        span[0] = MessagePackCode.Int8;
        Advance(2);
    }

    public void WriteInt16(short value) => WriteCodeAnd2(MessagePackCode.Int16, unchecked((ushort)value));

    public void WriteInt32(int value) => WriteCodeAnd4(MessagePackCode.Int32, unchecked((uint)value));

    public void WriteInt64(long value) => WriteCodeAnd8(MessagePackCode.Int64, unchecked((ulong)value));

    public void Write(float value) => WriteCodeAnd4(MessagePackCode.Float32, BitConverter.SingleToUInt32Bits(value));

    public void Write(double value) => WriteCodeAnd8(MessagePackCode.Float64, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>A string as UTF-8, or nil. A lone surrogate becomes U+FFFD, since UTF-8 has no form for it.</summary>
    public void Write(string? value)
    {
        if (value is null)
        {
            WriteNil();
        }
        else
        {
            Write(value.AsSpan());
        }
    }

    public void Write(scoped ReadOnlySpan<char> value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        WriteStringHeader(length);
        Advance(Encoding.UTF8.GetBytes(value, GetSpan(length)));
    }

    /// <summary>Text that is UTF-8 already.</summary>
    public void WriteString(scoped ReadOnlySpan<byte> utf8)
    {
        WriteStringHeader(utf8.Length);
        WriteRaw(utf8);
    }

    public void WriteStringHeader(int byteCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteCount);
        if (byteCount <= 31)
        {
            WriteCode((byte)(MessagePackCode.MinFixStr | byteCount));
        }
        else
        {
            WriteSizedHeader(byteCount, MessagePackCode.Str8, MessagePackCode.Str16, MessagePackCode.Str32);
        }
    }

    public void Write(byte[]? value)
    {
        if (value is null)
        {
            WriteNil();
        }
        else
        {
            Write(value.AsSpan());
        }
    }

    public void Write(scoped ReadOnlySpan<byte> value)
    {
        WriteBinHeader(value.Length);
        WriteRaw(value);
    }

    public void Write(in ReadOnlySequence<byte> value)
    {
        WriteBinHeader(checked((int)value.Length));
        WriteRaw(value);
    }

    public void WriteBinHeader(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        WriteSizedHeader(length, MessagePackCode.Bin8, MessagePackCode.Bin16, MessagePackCode.Bin32);
    }

    public void WriteArrayHeader(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        WriteArrayHeader((uint)count);
    }

    public void WriteArrayHeader(uint count)
    {
        if (count <= 15)
        {
            WriteCode((byte)(MessagePackCode.MinFixArray | count));
        }
        else if (count <= ushort.MaxValue)
        {
            WriteCodeAnd2(MessagePackCode.Array16, (ushort)count);
        }
        else
        {
            WriteCodeAnd4(MessagePackCode.Array32, count);
        }
    }

    public void WriteMapHeader(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        WriteMapHeader((uint)count);
    }

    public void WriteMapHeader(uint count)
    {
        if (count <= 15)
        {
            WriteCode((byte)(MessagePackCode.MinFixMap | count));
        }
        else if (count <= ushort.MaxValue)
        {
            WriteCodeAnd2(MessagePackCode.Map16, (ushort)count);
        }
        else
        {
            WriteCodeAnd4(MessagePackCode.Map32, count);
        }
    }

    public void WriteExtensionFormatHeader(ExtensionHeader header)
    {
        switch (header.Length)
        {
            case 1: WriteCode(MessagePackCode.FixExt1); break;
            case 2: WriteCode(MessagePackCode.FixExt2); break;
            case 4: WriteCode(MessagePackCode.FixExt4); break;
            case 8: WriteCode(MessagePackCode.FixExt8); break;
            case 16: WriteCode(MessagePackCode.FixExt16); break;
            default:
                WriteSizedHeader(checked((int)header.Length), MessagePackCode.Ext8, MessagePackCode.Ext16, MessagePackCode.Ext32);
                break;
        }

        WriteCode(unchecked((byte)header.TypeCode));
    }

    public void WriteExtensionFormat(ExtensionResult extension)
    {
        WriteExtensionFormatHeader(extension.Header);
        WriteRaw(extension.Data);
    }

    /// <summary>
    /// The timestamp extension, in the shortest of its three forms. A local time is turned into UTC first, as the specification knows no zones;
    /// an unspecified one is taken as UTC.
    /// </summary>
    public void Write(DateTime value)
    {
        if (value.Kind == DateTimeKind.Local)
        {
            value = value.ToUniversalTime();
        }

        var sinceEpoch = value.Ticks - DateTime.UnixEpoch.Ticks;
        var (seconds, ticks) = Math.DivRem(sinceEpoch, TimeSpan.TicksPerSecond);
        if (ticks < 0)
        {
            seconds--;
            ticks += TimeSpan.TicksPerSecond;
        }

        var nanoseconds = (uint)(ticks * TimeSpan.NanosecondsPerTick);
        WriteTimestamp(seconds, nanoseconds);
    }

    /// <summary>The timestamp extension for a time in seconds and nanoseconds since 1970-01-01 UTC.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The nanoseconds are a second or more: they would overflow into the seconds' bits.</exception>
    public void WriteTimestamp(long seconds, uint nanoseconds)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nanoseconds, 999_999_999u);
        if (nanoseconds == 0 && seconds is >= 0 and <= uint.MaxValue)
        {
            WriteExtensionFormatHeader(new(ExtensionHeader.Timestamp, 4));
            BinaryPrimitives.WriteUInt32BigEndian(GetSpan(4), (uint)seconds);
            Advance(4);
        }
        else if (seconds >> 34 == 0)
        {
            WriteExtensionFormatHeader(new(ExtensionHeader.Timestamp, 8));
            BinaryPrimitives.WriteUInt64BigEndian(GetSpan(8), ((ulong)nanoseconds << 34) | (ulong)seconds);
            Advance(8);
        }
        else
        {
            WriteExtensionFormatHeader(new(ExtensionHeader.Timestamp, 12));
            var span = GetSpan(12);
            BinaryPrimitives.WriteUInt32BigEndian(span, nanoseconds);
            BinaryPrimitives.WriteInt64BigEndian(span[4..], seconds);
            Advance(12);
        }
    }

    /// <summary>Bytes that are MessagePack already, or the data behind a header.</summary>
    public void WriteRaw(scoped ReadOnlySpan<byte> bytes)
    {
        do
        {
            var room = GetSpan(Math.Min(bytes.Length, LargestPiece));
            var count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            Advance(count);
            bytes = bytes[count..];
        }
        while (!bytes.IsEmpty);
    }

    public void WriteRaw(in ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            WriteRaw(segment.Span);
        }
    }

    private void WriteSizedHeader(int length, byte code8, byte code16, byte code32)
    {
        if (length <= byte.MaxValue)
        {
            var span = GetSpan(2);
            span[1] = (byte)length;
            span[0] = code8;
            Advance(2);
        }
        else if (length <= ushort.MaxValue)
        {
            WriteCodeAnd2(code16, (ushort)length);
        }
        else
        {
            WriteCodeAnd4(code32, (uint)length);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteCode(byte code)
    {
        GetSpan(1)[0] = code;
        Advance(1);
    }

    private void WriteCodeAnd2(byte code, ushort value)
    {
        var span = GetSpan(3);
        BinaryPrimitives.WriteUInt16BigEndian(span[1..], value);
        span[0] = code;
        Advance(3);
    }

    private void WriteCodeAnd4(byte code, uint value)
    {
        var span = GetSpan(5);
        BinaryPrimitives.WriteUInt32BigEndian(span[1..], value);
        span[0] = code;
        Advance(5);
    }

    private void WriteCodeAnd8(byte code, ulong value)
    {
        var span = GetSpan(9);
        BinaryPrimitives.WriteUInt64BigEndian(span[1..], value);
        span[0] = code;
        Advance(9);
    }
}
