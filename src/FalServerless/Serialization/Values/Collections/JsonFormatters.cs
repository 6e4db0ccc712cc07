using System.Text.Json;
using System.Text.Json.Nodes;

namespace FalServerless.Serialization.Values;

/// <summary>JSON as its text.</summary>
internal static class JsonFormatters
{
    public static ValueFormatter JsonElement(FormatterResolver formatters) =>
        new InlineFormatter<JsonElement>(
            (ref w, v) =>
            {
                if (v.ValueKind == JsonValueKind.Undefined)
                {
                    w.Write(false);
                }
                else
                {
                    StringCodec.Write(ref w, v.GetRawText());
                }
            },
            (ref r) => r.NextMessagePackType == MessagePack.MessagePackType.Boolean && !r.ReadBoolean() ? default : Parse(StringCodec.Read(ref r)));

    public static ValueFormatter JsonDocument(FormatterResolver formatters) =>
        new JsonFormatter<JsonDocument>(document => document.RootElement.GetRawText(), text => System.Text.Json.JsonDocument.Parse(text));

    public static ValueFormatter JsonNode(FormatterResolver formatters) => new PolymorphicFormatter<JsonNode>(formatters);

    public static ValueFormatter JsonObject(FormatterResolver formatters) => Node<JsonObject>();

    public static ValueFormatter JsonArray(FormatterResolver formatters) => Node<JsonArray>();

    public static ValueFormatter JsonValue(FormatterResolver formatters) => Node<JsonValue>();

    private static JsonFormatter<T> Node<T>()
        where T : JsonNode => new(node => node.ToJsonString(), text => (T)System.Text.Json.Nodes.JsonNode.Parse(text)!);

    private static JsonElement Parse(string text)
    {
        using var document = System.Text.Json.JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
