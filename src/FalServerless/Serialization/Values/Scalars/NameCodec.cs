using System.Globalization;
using FalServerless.Serialization.MessagePack;

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

    /// <summary>The name; within an array where the culture may be changed. Changed formats themselves do not travel.</summary>
    public static void Write(ref MessagePackWriter writer, CultureInfo value)
    {
        if (!value.IsReadOnly)
        {
            writer.WriteArrayHeader(1);
        }

        writer.Write(value.Name);
    }

    public static CultureInfo ReadCulture(ref MessagePackReader reader)
    {
        var isReadOnly = reader.NextMessagePackType != MessagePackType.Array;
        if (!isReadOnly)
        {
            BytesCodec.ExpectItems(ref reader, 1);
        }

        var name = StringCodec.Read(ref reader);
        try
        {
            return isReadOnly ? CultureInfo.GetCultureInfo(name) : new CultureInfo(name);
        }
        catch (ArgumentException e)
        {
            throw new ProtocolException($"There is no culture '{name}' here.", e);
        }
    }
}
