using System.Buffers;
using FalServerless.Wire;

namespace FalServerless.Protocol.Http;

/// <summary>A key without its secret, as a map; see docs/protocol.md. What is added later is skipped by older readers.</summary>
internal static class KeyRecordCodec
{
    private const string Id = "id";
    private const string Name = "name";
    private const string Scope = "scope";
    private const string Created = "created";
    private const string Expires = "expires";
    private const int Parts = 5;

    public static byte[] Write(KeyRecord key)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteMapHeader(Parts);
        writer.Write(Id);
        writer.Write(key.Id);
        writer.Write(Name);
        writer.Write(key.Name);
        writer.Write(Scope);
        writer.Write(key.Scope);
        writer.Write(Created);
        MessageParts.WriteTime(ref writer, key.Created);
        writer.Write(Expires);
        MessageParts.WriteTime(ref writer, key.Expires);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <exception cref="ProtocolException">The bytes are not a key.</exception>
    public static KeyRecord Read(in ReadOnlySequence<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        var key = new KeyRecord { Id = "", Scope = "" };
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            switch (reader.ReadString())
            {
                case Id:
                    key = key with { Id = reader.ReadString() ?? "" };
                    break;
                case Name:
                    key = key with { Name = reader.ReadString() };
                    break;
                case Scope:
                    key = key with { Scope = reader.ReadString() ?? "" };
                    break;
                case Created:
                    key = key with { Created = MessageParts.ReadTime(ref reader) };
                    break;
                case Expires:
                    key = key with { Expires = MessageParts.ReadTime(ref reader) };
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        MessageParts.CheckEnd(reader, "A key");
        return key.Id.Length > 0 && key.Scope.Length > 0 ? key : throw new ProtocolException($"A key lacks its '{Id}' or '{Scope}'.");
    }
}
