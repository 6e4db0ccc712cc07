using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using MessagePack;
using Package = MessagePack.MessagePackReader;

namespace FalServerless.Wire;

/// <summary>
/// A read of the package's reader. As a type of its own it is compiled into the one method that catches the package's errors; a delegate
/// takes twice the time.
/// </summary>
internal interface IRead<out T>
{
    static abstract T From(ref Package reader);
}

/// <summary>The package's reads, made strict where it is not.</summary>
internal static class Reads
{
    private const uint MostNanoseconds = 999_999_999;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public readonly struct Nothing : IRead<Nil>
    {
        public static Nil From(ref Package reader) => reader.ReadNil();
    }

    public readonly struct Flag : IRead<bool>
    {
        public static bool From(ref Package reader) => reader.ReadBoolean();
    }

    // One for each type: a generic one over the framework's types would be compiled at each start.
    public readonly struct Byte : IRead<byte>
    {
        public static byte From(ref Package reader) => reader.ReadByte();
    }

    public readonly struct UInt16 : IRead<ushort>
    {
        public static ushort From(ref Package reader) => reader.ReadUInt16();
    }

    public readonly struct UInt32 : IRead<uint>
    {
        public static uint From(ref Package reader) => reader.ReadUInt32();
    }

    public readonly struct UInt64 : IRead<ulong>
    {
        public static ulong From(ref Package reader) => reader.ReadUInt64();
    }

    public readonly struct Char : IRead<char>
    {
        public static char From(ref Package reader) => reader.ReadChar();
    }

    public readonly struct SByte : IRead<sbyte>
    {
        public static sbyte From(ref Package reader) => reader.ReadSByte();
    }

    public readonly struct Int16 : IRead<short>
    {
        public static short From(ref Package reader) => reader.ReadInt16();
    }

    public readonly struct Int32 : IRead<int>
    {
        public static int From(ref Package reader) => reader.ReadInt32();
    }

    public readonly struct Int64 : IRead<long>
    {
        public static long From(ref Package reader) => reader.ReadInt64();
    }

    // The package takes integers for floats too, and wide floats for narrow ones.
    public readonly struct NarrowFloat : IRead<float>
    {
        public static float From(ref Package reader) =>
            reader.NextCode == MessagePackCode.Float32 ? reader.ReadSingle() : throw new MessagePackSerializationException();
    }

    public readonly struct WideFloat : IRead<double>
    {
        public static double From(ref Package reader) =>
            reader.NextMessagePackType == MessagePackType.Float ? reader.ReadDouble() : throw new MessagePackSerializationException();
    }

    // The package gives U+FFFD for what is not UTF-8.
    public readonly struct Text : IRead<string?>
    {
        public static string? From(ref Package reader) =>
            reader.TryReadNil() ? null
            : reader.TryReadStringSpan(out var utf8) ? StrictUtf8.GetString(utf8)
            : StrictUtf8.GetString(reader.ReadStringSequence()!.Value);
    }

    // The package takes strings for binary data too.
    public readonly struct Binary : IRead<ReadOnlySequence<byte>?>
    {
        public static ReadOnlySequence<byte>? From(ref Package reader) =>
            reader.NextMessagePackType is MessagePackType.Binary or MessagePackType.Nil
                ? reader.ReadBytes()
                : throw new MessagePackSerializationException();
    }

    // The package reads this header with its data only.
    public readonly struct BinaryHeader : IRead<int>
    {
        public static int From(ref Package reader)
        {
            var width = reader.NextCode is >= MessagePackCode.Bin8 and <= MessagePackCode.Bin32 and var code
                ? 1 << (code - MessagePackCode.Bin8)
                : throw new MessagePackSerializationException();
            Span<byte> length = [0, 0, 0, 0];
            reader.ReadRaw(1 + width).Slice(1).CopyTo(length[^width..]);
            return checked((int)BinaryPrimitives.ReadUInt32BigEndian(length));
        }
    }

    public readonly struct ArrayHeader : IRead<int>
    {
        public static int From(ref Package reader) => reader.ReadArrayHeader();
    }

    public readonly struct MapHeader : IRead<int>
    {
        public static int From(ref Package reader) => reader.ReadMapHeader();
    }

    public readonly struct ExtensionHeader : IRead<MessagePack.ExtensionHeader>
    {
        public static MessagePack.ExtensionHeader From(ref Package reader) => reader.ReadExtensionFormatHeader();
    }

    public readonly struct Extension : IRead<ExtensionResult>
    {
        public static ExtensionResult From(ref Package reader) => reader.ReadExtensionFormat();
    }

    // The package takes a second and more of nanoseconds.
    public readonly struct Time : IRead<DateTime>
    {
        public static DateTime From(ref Package reader)
        {
            var data = reader.CreatePeekReader().ReadExtensionFormat().Data;
            Span<byte> first = [0, 0, 0, 0];
            data.Slice(0, Math.Min(data.Length, first.Length)).CopyTo(first);
            var nanoseconds = BinaryPrimitives.ReadUInt32BigEndian(first) >> (data.Length == 8 ? 2 : 0);
            return data.Length == 4 || nanoseconds <= MostNanoseconds
                ? reader.ReadDateTime()
                : throw new MessagePackSerializationException();
        }
    }

    /// <summary>A value that is neither an array nor a map, left unread.</summary>
    public readonly struct Rest : IRead<Nil>
    {
        public static Nil From(ref Package reader)
        {
            reader.Skip();
            return default;
        }
    }
}
