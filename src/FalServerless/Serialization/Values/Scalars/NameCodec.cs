using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>Immutable classes that a text names.</summary>
internal static class NameCodec
{
    /// <summary>An absolute URI is its text; a relative one is wrapped in an array, for on Unix "/x" alone would read as a file.</summary>
    public static void Write(ref MessagePackWriter writer, Uri value)
    {
        if (!value.IsAbsoluteUri)
        {
            writer.WriteArrayHeader(1);
        }

        StringCodec.Write(ref writer, value.OriginalString);
    }

    public static Uri ReadUri(ref MessagePackReader reader)
    {
        var isRelative = reader.NextMessagePackType == MessagePackType.Array;
        if (isRelative)
        {
            BytesCodec.ExpectItems(ref reader, 1);
        }

        var text = StringCodec.Read(ref reader);
        return Uri.TryCreate(text, isRelative ? UriKind.Relative : UriKind.Absolute, out var uri)
            ? uri
            : throw new ProtocolException($"'{text}' is no URI.");
    }

    public static Version ReadVersion(ref MessagePackReader reader)
    {
        var text = StringCodec.Read(ref reader);
        return Version.TryParse(text, out var version) ? version : throw new ProtocolException($"'{text}' is no version.");
    }
}
