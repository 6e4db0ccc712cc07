using System.Globalization;
using FalServerless.Wire;

namespace FalServerless.Serialization.Cultures;

/// <summary>
/// A culture: its name where it is read-only and unchanged, else <c>[name, is read-only, [[property, value]…]]</c> with what differs from
/// the culture of that name. The properties are numbered by <see cref="CultureProperties"/>.
/// </summary>
internal static class CultureCodec
{
    private const int Parts = 3;
    private const int LongestName = 85;

    public static void Write(ref MessagePackWriter writer, CultureInfo culture)
    {
        var changes = CultureProperties.Changes(culture);
        if (culture.IsReadOnly && changes.Count == 0)
        {
            writer.Write(CultureProperties.NameOf(culture));
            return;
        }

        writer.WriteArrayHeader(Parts);
        writer.Write(CultureProperties.NameOf(culture));
        writer.Write(culture.IsReadOnly);
        writer.WriteArrayHeader(changes.Count);
        foreach (var (number, value) in changes)
        {
            writer.WriteArrayHeader(2);
            writer.Write(number);
            CultureProperties.Write(ref writer, value);
        }
    }

    /// <exception cref="ProtocolException">The bytes are not a culture, or this machine does not have it.</exception>
    public static CultureInfo Read(ref MessagePackReader reader)
    {
        if (reader.NextMessagePackType == MessagePackType.String)
        {
            return Find(ReadName(ref reader));
        }

        if (reader.ReadArrayHeader() != Parts)
        {
            throw new ProtocolException($"A culture that is changed has {Parts} parts.");
        }

        var name = ReadName(ref reader);
        var isReadOnly = reader.ReadBoolean();
        var culture = (CultureInfo)Find(name).Clone();
        var count = reader.ReadArrayHeader();
        if (count > CultureProperties.Count)
        {
            throw new ProtocolException($"A culture has {CultureProperties.Count} properties, not {count}.");
        }

        for (var i = 0; i < count; i++)
        {
            if (reader.ReadArrayHeader() != 2)
            {
                throw new ProtocolException("A property of a culture is a number and a value.");
            }

            CultureProperties.Read(ref reader, culture);
        }

        return isReadOnly ? CultureInfo.ReadOnly(culture) : culture;
    }

    private static string ReadName(ref MessagePackReader reader) =>
        reader.ReadString() is { Length: <= LongestName } name
            ? name
            : throw new ProtocolException("A culture's name is missing or too long.");

    private static CultureInfo Find(string name)
    {
        if (name.Length == 0)
        {
            return CultureInfo.InvariantCulture;
        }

        try
        {
            return KnownCultures.Has ? CultureInfo.GetCultureInfo(name) : throw new CultureNotFoundException(nameof(name), name, "");
        }
        catch (CultureNotFoundException e)
        {
            var reason = KnownCultures.Has
                ? ""
                : ": .NET runs in its invariant globalization mode, without the data of cultures. "
                    + "Install ICU (Debian: libicu72), and do not set DOTNET_SYSTEM_GLOBALIZATION_INVARIANT";
            throw new ProtocolException($"The culture '{name}' is not available here{reason}.", e);
        }
    }
}
