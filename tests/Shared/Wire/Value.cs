using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using FalServerless.Wire;

namespace FalServerless.Tests.Shared.Wire;

/// <summary>
/// Any MessagePack value, with a description that tells every two different values apart and that other languages can write too.
/// </summary>
internal abstract record Value
{
    private const sbyte TimestampCode = -1;
    private const int SecondsBits = 34;
    private const ulong SecondsMask = (1UL << SecondsBits) - 1;

    public sealed record Nil : Value;

    public sealed record Boolean(bool Of) : Value;

    public sealed record Integer(Int128 Of) : Value;

    public sealed record Single(float Of) : Value;

    public sealed record Double(double Of) : Value;

    public sealed record Text(string Of) : Value;

    public sealed record Binary(byte[] Of) : Value;

    public sealed record List(IReadOnlyList<Value> Items) : Value;

    public sealed record Map(IReadOnlyList<(Value Key, Value Value)> Pairs) : Value;

    public sealed record Extension(sbyte TypeCode, byte[] Data) : Value;

    public sealed record Timestamp(long Seconds, uint Nanoseconds) : Value;

    public byte[] Written() => Messages.Written(WriteTo);

    public sealed override string ToString()
    {
        var text = new StringBuilder();
        Describe(text);
        return text.ToString();
    }

    public void WriteTo(ref MessagePackWriter writer)
    {
        switch (this)
        {
            case Nil:
                writer.WriteNil();
                break;
            case Boolean(var of):
                writer.Write(of);
                break;
            case Integer(var of) when of > long.MaxValue:
                writer.Write((ulong)of);
                break;
            case Integer(var of):
                writer.Write((long)of);
                break;
            case Single(var of):
                writer.Write(of);
                break;
            case Double(var of):
                writer.Write(of);
                break;
            case Text(var of):
                writer.Write(of);
                break;
            case Binary(var of):
                writer.Write(of);
                break;
            case List(var items):
                writer.WriteArrayHeader(items.Count);
                foreach (var item in items)
                {
                    item.WriteTo(ref writer);
                }

                break;
            case Map(var pairs):
                writer.WriteMapHeader(pairs.Count);
                foreach (var (key, value) in pairs)
                {
                    key.WriteTo(ref writer);
                    value.WriteTo(ref writer);
                }

                break;
            case Extension(var typeCode, var data):
                writer.WriteExtensionFormatHeader(new(typeCode, data.Length));
                writer.WriteRaw(data);
                break;
            case Timestamp(var seconds, var nanoseconds):
                WriteTimestamp(ref writer, seconds, nanoseconds);
                break;
        }
    }

    public static Value ReadFrom(ref MessagePackReader reader)
    {
        reader.EnterNested();
        Value value;
        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Nil:
                reader.ReadNil();
                value = new Nil();
                break;
            case MessagePackType.Boolean:
                value = new Boolean(reader.ReadBoolean());
                break;
            case MessagePackType.Integer:
                value = new Integer(reader.NextCode is MessagePackCode.UInt64 ? reader.ReadUInt64() : reader.ReadInt64());
                break;
            case MessagePackType.Float:
                value = reader.NextCode is MessagePackCode.Float32 ? new Single(reader.ReadSingle()) : new Double(reader.ReadDouble());
                break;
            case MessagePackType.String:
                value = new Text(reader.ReadString()!);
                break;
            case MessagePackType.Binary:
                value = new Binary(reader.ReadBytes()!.Value.ToArray());
                break;
            case MessagePackType.Array:
                var items = new Value[reader.ReadArrayHeader()];
                for (var i = 0; i < items.Length; i++)
                {
                    items[i] = ReadFrom(ref reader);
                }

                value = new List(items);
                break;
            case MessagePackType.Map:
                var pairs = new (Value, Value)[reader.ReadMapHeader()];
                for (var i = 0; i < pairs.Length; i++)
                {
                    pairs[i] = (ReadFrom(ref reader), ReadFrom(ref reader));
                }

                value = new Map(pairs);
                break;
            case MessagePackType.Extension:
                value = ReadExtension(ref reader);
                break;
            default:
                throw new ProtocolException("The never-used byte opens no value.");
        }

        reader.LeaveNested();
        return value;
    }

    private static Value ReadExtension(ref MessagePackReader reader)
    {
        var extension = reader.ReadExtensionFormat();
        var data = extension.Data.ToArray();
        return (extension.TypeCode, data.Length) switch
        {
            (TimestampCode, 4) => new Timestamp(BinaryPrimitives.ReadUInt32BigEndian(data), 0),
            (TimestampCode, 8) when BinaryPrimitives.ReadUInt64BigEndian(data) is var packed => new Timestamp(
                (long)(packed & SecondsMask),
                (uint)(packed >> SecondsBits)
            ),
            (TimestampCode, 12) => new Timestamp(
                BinaryPrimitives.ReadInt64BigEndian(data.AsSpan(4)),
                BinaryPrimitives.ReadUInt32BigEndian(data)
            ),
            _ => new Extension(extension.TypeCode, data),
        };
    }

    // By hand, as the codec knows no times but those of DateTime, and the format more.
    private static void WriteTimestamp(ref MessagePackWriter writer, long seconds, uint nanoseconds)
    {
        var data = new byte[12];
        var size =
            seconds >> SecondsBits != 0 ? 12
            : nanoseconds > 0 || seconds > uint.MaxValue ? 8
            : 4;
        switch (size)
        {
            case 4:
                BinaryPrimitives.WriteUInt32BigEndian(data, (uint)seconds);
                break;
            case 8:
                BinaryPrimitives.WriteUInt64BigEndian(data, ((ulong)nanoseconds << SecondsBits) | (ulong)seconds);
                break;
            default:
                BinaryPrimitives.WriteUInt32BigEndian(data, nanoseconds);
                BinaryPrimitives.WriteInt64BigEndian(data.AsSpan(4), seconds);
                break;
        }

        writer.WriteExtensionFormatHeader(new(TimestampCode, size));
        writer.WriteRaw(data.AsSpan(0, size));
    }

    // The grammar is shared with msgpack_peer.py.
    private void Describe(StringBuilder text)
    {
        switch (this)
        {
            case Nil:
                text.Append('n');
                break;
            case Boolean(var of):
                text.Append(of ? 't' : 'f');
                break;
            case Integer(var of):
                text.Append(CultureInfo.InvariantCulture, $"i{of}");
                break;
            case Single(var of):
                // Widened, as other languages have no 32-bit float; the form is checked by the bytes.
                text.Append(CultureInfo.InvariantCulture, $"d{BitConverter.DoubleToUInt64Bits(of):x16}");
                break;
            case Double(var of):
                text.Append(CultureInfo.InvariantCulture, $"d{BitConverter.DoubleToUInt64Bits(of):x16}");
                break;
            case Text(var of):
                text.Append('s').Append(Convert.ToHexStringLower(Encoding.UTF8.GetBytes(of)));
                break;
            case Binary(var of):
                text.Append('b').Append(Convert.ToHexStringLower(of));
                break;
            case List(var items):
                text.Append('[');
                foreach (var item in items)
                {
                    item.Describe(text);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case Map(var pairs):
                text.Append('{');
                foreach (var (key, value) in pairs)
                {
                    key.Describe(text);
                    text.Append(':');
                    value.Describe(text);
                    text.Append(',');
                }

                text.Append('}');
                break;
            case Extension(var typeCode, var data):
                text.Append(CultureInfo.InvariantCulture, $"x{typeCode}:").Append(Convert.ToHexStringLower(data));
                break;
            case Timestamp(var seconds, var nanoseconds):
                text.Append(CultureInfo.InvariantCulture, $"T{seconds}.{nanoseconds}");
                break;
        }
    }
}
