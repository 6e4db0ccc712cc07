using System.Xml.Linq;

namespace FalServerless.Serialization.Values;

/// <summary>
/// A tree of System.Xml.Linq as a flat list: no parser sees it, so that whitespace, adjacent texts and empty elements stay what they are, a
/// document type is never resolved, and depth costs no stack.
/// </summary>
internal static class XmlTree
{
    private enum Step
    {
        Element,
        EmptyElement,
        End,
        Attribute,
        Text,
        CData,
        Comment,
        Instruction,
        DocumentType,
        Document,
        Declaration,
    }

    public static (int, string?[])[] Flatten(XObject root)
    {
        var steps = new List<(int, string?[])>();
        Add(steps, root);
        var node = (root as XContainer)?.FirstNode;
        while (node is not null)
        {
            Add(steps, node);
            if (node is XContainer { FirstNode: { } first })
            {
                node = first;
                continue;
            }

            Close(steps, node);
            while (node != root && node!.NextNode is null)
            {
                node = node.Parent as XNode ?? root as XNode;
                if (node == root)
                {
                    break;
                }

                Close(steps, node!);
            }

            node = node == root ? null : node!.NextNode;
        }

        return [.. steps];
    }

    public static XObject Build((int Step, string?[] Texts)[] steps)
    {
        XObject? root = null;
        XContainer? open = null;
        foreach (var (step, texts) in steps)
        {
            if ((Step)step == Step.End)
            {
                open = open?.Parent ?? (open == root ? null : root as XContainer);
                continue;
            }

            if ((Step)step == Step.Declaration && root is XDocument declared)
            {
                declared.Declaration = new(texts[0], texts[1], texts[2]);
                continue;
            }

            var made = Make((Step)step, texts);
            if (root is null)
            {
                root = made;
            }
            else
            {
                (open ?? throw new ProtocolException("A node of an XML tree is outside of it.")).Add(made);
            }

            open = made as XContainer is { } container && (Step)step != Step.EmptyElement ? container : open;
        }

        return root ?? throw new ProtocolException("An XML tree is empty.");
    }

    private static void Add(List<(int, string?[])> steps, XObject node)
    {
        switch (node)
        {
            case XElement element:
                steps.Add(((int)(element.IsEmpty ? Step.EmptyElement : Step.Element), [element.Name.ToString()]));
                if (!element.IsEmpty)
                {
                    AddAttributes(steps, element);
                    break;
                }

                // An empty element is opened and closed at once; its attributes come before, so that they still find it.
                steps[^1] = (
                    (int)Step.EmptyElement,
                    [element.Name.ToString(), .. element.Attributes().SelectMany(a => new[] { a.Name.ToString(), a.Value })]
                );
                break;
            case XAttribute attribute:
                steps.Add(((int)Step.Attribute, [attribute.Name.ToString(), attribute.Value]));
                break;
            case XCData text:
                steps.Add(((int)Step.CData, [text.Value]));
                break;
            case XText text:
                steps.Add(((int)Step.Text, [text.Value]));
                break;
            case XComment comment:
                steps.Add(((int)Step.Comment, [comment.Value]));
                break;
            case XProcessingInstruction it:
                steps.Add(((int)Step.Instruction, [it.Target, it.Data]));
                break;
            case XDocumentType it:
                steps.Add(((int)Step.DocumentType, [it.Name, it.PublicId, it.SystemId, it.InternalSubset]));
                break;
            case XDocument document:
                steps.Add(((int)Step.Document, []));
                if (document.Declaration is { } declaration)
                {
                    steps.Add(((int)Step.Declaration, [declaration.Version, declaration.Encoding, declaration.Standalone]));
                }

                break;
            default:
                throw Surrogates.Refuse(node, "it is a node of XML of a kind of your own", "Pass an XElement or its text");
        }
    }

    private static void AddAttributes(List<(int, string?[])> steps, XElement element) =>
        steps.AddRange(element.Attributes().Select(a => ((int)Step.Attribute, new string?[] { a.Name.ToString(), a.Value })));

    private static void Close(List<(int, string?[])> steps, XNode node)
    {
        if (node is XElement { IsEmpty: false })
        {
            steps.Add(((int)Step.End, []));
        }
    }

    private static XObject Make(Step step, string?[] texts) =>
        step switch
        {
            Step.Element => new XElement(XName.Get(texts[0]!), ""),
            Step.EmptyElement => new XElement(
                XName.Get(texts[0]!),
                texts[1..].Chunk(2).Select(pair => new XAttribute(XName.Get(pair[0]!), pair[1]!))
            ),
            Step.Attribute => new XAttribute(XName.Get(texts[0]!), texts[1]!),
            Step.Text => new XText(texts[0]!),
            Step.CData => new XCData(texts[0]!),
            Step.Comment => new XComment(texts[0]!),
            Step.Instruction => new XProcessingInstruction(texts[0]!, texts[1]!),
            Step.DocumentType => new XDocumentType(texts[0]!, texts[1], texts[2], texts[3]),
            Step.Document => new XDocument(),
            _ => throw new ProtocolException($"An XML tree has no step {step}."),
        };
}
