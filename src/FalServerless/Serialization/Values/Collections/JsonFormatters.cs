using System.Text.Json;
using System.Text.Json.Nodes;

namespace FalServerless.Serialization.Values;

/// <summary>JSON as its text. A node that has a parent brings the whole tree, and is its node again there.</summary>
internal static class JsonFormatters
{
    // The raw text keeps the comments and commas that its options once let pass.
    public static readonly JsonDocumentOptions Lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = 1000,
    };

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
            (ref r) => r.NextMessagePackType == MessagePackType.Boolean && !r.ReadBoolean() ? default : Parse(StringCodec.Read(ref r))
        );

    public static ValueFormatter JsonDocument(FormatterResolver formatters) =>
        new JsonFormatter<JsonDocument>(
            document => document.RootElement.GetRawText(),
            text => System.Text.Json.JsonDocument.Parse(text, Lenient)
        );

    public static ValueFormatter JsonNode(FormatterResolver formatters) => new PolymorphicFormatter<JsonNode>(formatters);

    public static ValueFormatter JsonObject(FormatterResolver formatters) => Node<JsonObject>(formatters);

    public static ValueFormatter JsonArray(FormatterResolver formatters) => Node<JsonArray>(formatters);

    public static ValueFormatter JsonValue(FormatterResolver formatters) => Node<JsonValue>(formatters);

    private static ValueFormatter Node<T>(FormatterResolver formatters)
        where T : JsonNode =>
        Surrogates.Class<T, (JsonNode?, object[], string?, bool)>(formatters, JsonNodeParts.Take, parts => (T)JsonNodeParts.Make(parts));

    private static JsonElement Parse(string text)
    {
        using var document = System.Text.Json.JsonDocument.Parse(text, Lenient);
        return document.RootElement.Clone();
    }
}
