using System.Xml.Linq;

namespace FalServerless.Serialization.Values;

/// <summary>
/// XML of System.Xml.Linq. A node that has a parent brings the whole tree and its place in it: its ancestors and siblings are there too,
/// and two nodes of one tree are nodes of one tree again.
/// </summary>
internal static class XmlFormatters
{
    public static ValueFormatter XName(FormatterResolver formatters) =>
        Surrogates.Class<XName, string>(formatters, name => name.ToString(), System.Xml.Linq.XName.Get);

    public static ValueFormatter XNamespace(FormatterResolver formatters) =>
        Surrogates.Class<XNamespace, string>(formatters, space => space.NamespaceName, System.Xml.Linq.XNamespace.Get);

    public static ValueFormatter XDeclaration(FormatterResolver formatters) =>
        Surrogates.Class<XDeclaration, (string?, string?, string?)>(
            formatters,
            it => (it.Version, it.Encoding, it.Standalone),
            parts => new(parts.Item1, parts.Item2, parts.Item3)
        );

    public static ValueFormatter Node<T>(FormatterResolver formatters)
        where T : XObject =>
        Surrogates.Class<T, (object?, int, (int, string?[])[])>(
            formatters,
            node => Root(node) is var root && root != node ? (root, Place(root, node), []) : (null, 0, XmlTree.Flatten(node)),
            parts => parts.Item1 is null ? (T)XmlTree.Build(parts.Item3) : (T)At((XObject)parts.Item1, parts.Item2)
        );

    private static XObject Root(XObject node)
    {
        while ((node.Parent ?? (XObject?)node.Document) is { } parent && parent != node)
        {
            node = parent;
        }

        return node;
    }

    private static int Place(XObject root, XObject node)
    {
        var place = 0;
        foreach (var other in All(root))
        {
            if (other == node)
            {
                break;
            }

            place++;
        }

        return place;
    }

    private static XObject At(XObject root, int place) => All(root).ElementAt(place);

    private static IEnumerable<XObject> All(XObject root) =>
        root is XContainer container ? container.DescendantNodes().Prepend(container).SelectMany(Parts) : [root];

    private static IEnumerable<XObject> Parts(XNode node) => node is XElement element ? [node, .. element.Attributes()] : [node];
}
