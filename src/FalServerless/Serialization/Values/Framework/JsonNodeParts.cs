using System.Text.Json;
using System.Text.Json.Nodes;

namespace FalServerless.Serialization.Values;

/// <summary>A node of JSON: its text and whether it ignores the case of names, or the root of its tree and the way from there.</summary>
internal static class JsonNodeParts
{
    public static (JsonNode? Root, object[] Way, string? Text, bool IgnoresCase) Take(JsonNode node)
    {
        if (node.Parent is null)
        {
            return node is JsonValue && (node.GetValueKind() is JsonValueKind.Object or JsonValueKind.Array)
                ? throw Surrogates.Refuse(
                    node,
                    "it holds an object of a class, which only its serializer knows",
                    "Make it by JsonSerializer.SerializeToNode"
                )
                : (null, [], node.ToJsonString(), node.Options?.PropertyNameCaseInsensitive ?? false);
        }

        var way = new List<object>();
        for (; node.Parent is { } parent; node = parent)
        {
            way.Add(parent is JsonArray ? node.GetElementIndex() : node.GetPropertyName());
        }

        way.Reverse();
        return (node, [.. way], null, false);
    }

    public static JsonNode Make((JsonNode? Root, object[] Way, string? Text, bool IgnoresCase) parts)
    {
        if (parts.Root is null)
        {
            return JsonNode.Parse(
                parts.Text!,
                parts.IgnoresCase ? new JsonNodeOptions { PropertyNameCaseInsensitive = true } : null,
                JsonFormatters.Lenient
            )!;
        }

        return parts.Way.Aggregate(parts.Root, (node, step) => step is int index ? node[index]! : node[(string)step]!);
    }
}
