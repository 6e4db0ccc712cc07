using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using MessagePack;

namespace FalServerless.Wire;

/// <summary>
/// Writes MessagePack to a buffer writer, each value in its shortest format: the package's writer, which asks for the room for long content
/// in pieces here, and can tell how much it has written.
/// </summary>
internal ref struct MessagePackWriter
{
    // The package asks for room for the whole content at once, three times as much for text; an output with a limit may refuse that.
    private const int LargestPiece = 64 << 10;

    private readonly CountedOutput? _counted;
    private MessagePack.MessagePackWriter _writer;

    public MessagePackWriter(IBufferWriter<byte> output) => _writer = new(output);

    /// <summary>A writer that has <see cref="Written"/>.</summary>
    public MessagePackWriter(CountedOutput output)
    {
        _counted = output;
        _writer = new(output);
    }

    /// <summary>How many bytes this writer has written, flushed or not.</summary>
    /// <exception cref="InvalidOperationException">It was made without a <see cref="CountedOutput"/>.</exception>
    public long Written
    {
        get
        {
            var left = _writer.GetSpan(0).Length;
            return _counted is { } counted
                ? counted.Count + counted.Offered - left
                : throw new InvalidOperationException("This writer does not count.");
        }
    }

    /// <summary>Hands what was written so far to the buffer writer.</summary>
    public void Flush() => _writer.Flush();

    /// <summary>Room for at least <paramref name="length"/> bytes; <see cref="Advance"/> says how many were used.</summary>
    public Span<byte> GetSpan(int length) => _writer.GetSpan(length);

    public void Advance(int length) => _writer.Advance(length);

    public void WriteNil() => _writer.WriteNil();

    public void Write(bool value) => _writer.Write(value);

    public void Write(char value) => _writer.Write(value);

    public void Write(int value) => _writer.Write(value);

    public void Write(uint value) => _writer.Write(value);

    public void Write(long value) => _writer.Write(value);

    public void Write(ulong value) => _writer.Write(value);

    public void Write(float value) => _writer.Write(value);

    public void Write(double value) => _writer.Write(value);

    /// <summary>
    /// The timestamp extension, in the shortest of its three forms. A local time is written as UTC, and an unspecified one is taken as UTC.
    /// </summary>
    public void Write(DateTime value) => _writer.Write(value);

    public void WriteArrayHeader(int count) => _writer.WriteArrayHeader(count);

    public void WriteMapHeader(int count) => _writer.WriteMapHeader(count);

    public void WriteExtensionFormatHeader(ExtensionHeader header) => _writer.WriteExtensionFormatHeader(header);

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
        _writer.WriteStringHeader(length);
        Advance(Encoding.UTF8.GetBytes(value, GetSpan(length)));
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

    /// <summary>The header of binary data that may follow by another way.</summary>
    public void WriteBinHeader(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var span = GetSpan(5);
        switch (length)
        {
            case <= byte.MaxValue:
                span[0] = MessagePackCode.Bin8;
                span[1] = (byte)length;
                Advance(2);
                break;
            case <= ushort.MaxValue:
                span[0] = MessagePackCode.Bin16;
                BinaryPrimitives.WriteUInt16BigEndian(span[1..], (ushort)length);
                Advance(3);
                break;
            default:
                span[0] = MessagePackCode.Bin32;
                BinaryPrimitives.WriteInt32BigEndian(span[1..], length);
                Advance(5);
                break;
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
        } while (!bytes.IsEmpty);
    }

    public void WriteRaw(in ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            WriteRaw(segment.Span);
        }
    }
}
