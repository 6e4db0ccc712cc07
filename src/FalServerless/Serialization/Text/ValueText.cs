using System.Buffers;
using System.Text.Json.Nodes;
using FalServerless.Serialization.Values;
using FalServerless.Wire;

namespace FalServerless.Serialization.Text;

/// <summary>A value as far as its bytes alone show it, for programs that have none of its types.</summary>
internal static class ValueText
{
    // A JSON writer takes 64 levels.
    private const int MaximumDepth = 60;

    /// <exception cref="ProtocolException">The bytes are not a value.</exception>
    public static JsonNode? Read(in ReadOnlySequence<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        return Read(ref reader, 0);
    }

    private static JsonNode? Read(ref MessagePackReader reader, int depth)
    {
        if (reader.TryReadRaw(Markers.Typed))
        {
            reader.Skip();
            return Read(ref reader, depth);
        }

        switch (reader.NextMessagePackType)
        {
            case MessagePackType.Nil:
                reader.ReadNil();
                return null;
            case MessagePackType.Boolean:
                return reader.ReadBoolean();
            case MessagePackType.Integer:
                return reader.NextCode == MessagePackCode.UInt64 ? reader.ReadUInt64() : reader.ReadInt64();
            case MessagePackType.Float:
                var number = reader.ReadDouble();
                return double.IsFinite(number) ? number : number.ToString(System.Globalization.CultureInfo.InvariantCulture);
            case MessagePackType.String:
                return StringCodec.Read(ref reader);
            case MessagePackType.Binary:
                return Convert.ToBase64String((reader.ReadBytes() ?? default).ToArray());
            case MessagePackType.Extension:
                return ReadExtension(ref reader);
        }

        if (depth == MaximumDepth)
        {
            reader.Skip();
            return "…";
        }

        return reader.NextMessagePackType == MessagePackType.Map ? ReadMap(ref reader, depth) : ReadArray(ref reader, depth);
    }

    private static JsonArray ReadArray(ref MessagePackReader reader, int depth)
    {
        var items = new JsonArray();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            items.Add(Read(ref reader, depth + 1));
        }

        return items;
    }

    private static JsonObject ReadMap(ref MessagePackReader reader, int depth)
    {
        var members = new JsonObject();
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            var key = Read(ref reader, depth + 1);
            var name = key is JsonValue text && text.TryGetValue<string>(out var read) ? read : key?.ToJsonString() ?? "null";
            members[name] = Read(ref reader, depth + 1);
        }

        return members;
    }

    private static JsonNode ReadExtension(ref MessagePackReader reader)
    {
        var ahead = reader;
        switch (ahead.ReadExtensionFormatHeader().TypeCode)
        {
            case ExtensionCodes.Utf16:
                return StringCodec.Read(ref reader);
            case -1:
                return reader.ReadDateTime();
            case ExtensionCodes.Reference:
                reader.Skip();
                return "(the same object as before)";
            case var code:
                var data = reader.ReadExtensionFormat().Data.ToArray();
                return $"(extension {code}: {Convert.ToHexString(data)})";
        }
    }
}
