using System.Text;
using System.Xml;

namespace FalServerless.Serialization.Values;

/// <summary>XML of System.Xml, as its text. A document type is refused: to read one is to resolve and expand what it says.</summary>
internal static class XmlDocumentFormatters
{
    private static readonly XmlWriterSettings Exact = new()
    {
        NewLineHandling = NewLineHandling.Entitize,
        ConformanceLevel = ConformanceLevel.Auto,
        OmitXmlDeclaration = true,
    };

    public static ValueFormatter XmlDocument(FormatterResolver formatters) =>
        Surrogates.Class<XmlDocument, (bool, string, (string, string?, string?)?)>(
            formatters,
            document =>
                document.DocumentType is not null
                    ? throw Surrogates.Refuse(
                        document,
                        "its document type would have to be resolved again",
                        "Pass an XDocument, or its OuterXml"
                    )
                    : (document.PreserveWhitespace, Text(document), Declaration(document)),
            parts => Read(parts.Item1, parts.Item2, parts.Item3)
        );

    public static ValueFormatter XmlQualifiedName(FormatterResolver formatters) =>
        Surrogates.Class<XmlQualifiedName, (string, string)>(
            formatters,
            name => (name.Name, name.Namespace),
            parts => new(parts.Item1, parts.Item2)
        );

    private static (string, string?, string?)? Declaration(XmlDocument document) =>
        document.FirstChild is XmlDeclaration it ? (it.Version, it.Encoding, it.Standalone) : null;

    private static string Text(XmlDocument document)
    {
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, Exact))
        {
            foreach (XmlNode child in document.ChildNodes)
            {
                if (child is not XmlDeclaration)
                {
                    child.WriteTo(writer);
                }
            }
        }

        return text.ToString();
    }

    private static XmlDocument Read(bool preservesWhitespace, string text, (string, string?, string?)? declaration)
    {
        // All whitespace that is in the text was in the document.
        var document = new XmlDocument { PreserveWhitespace = true, XmlResolver = null };
        if (text.Length > 0)
        {
            using var source = new StringReader(text);
            using var reader = XmlReader.Create(source, new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            document.Load(reader);
        }

        if (declaration is var (version, encoding, standalone))
        {
            document.PrependChild(document.CreateXmlDeclaration(version, encoding, standalone));
        }

        document.PreserveWhitespace = preservesWhitespace;
        return document;
    }
}
