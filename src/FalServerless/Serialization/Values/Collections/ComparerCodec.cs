using System.Globalization;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// Comparers of keys: a number for the well-known ones, <c>[culture, options]</c> for those of a culture, a typed value for a user's own.
/// The default one is not written at all; the collection has a shorter form then.
/// </summary>
internal static class ComparerCodec
{
    private const int Default = 0;
    private const int Ordinal = 1;
    private const int OrdinalIgnoreCase = 2;
    private const int ByReference = 3;

    /// <summary>Whether a collection of these keys has this comparer when nothing is said.</summary>
    public static bool IsDefault<TKey>(object? comparer) =>
        comparer is null
        || comparer.GetType() == EqualityComparer<TKey>.Default.GetType()
        || comparer.GetType() == Comparer<TKey>.Default.GetType();

    public static void Write(ref MessagePackWriter writer, object? comparer, WriteSession session)
    {
        if (comparer is null)
        {
            writer.Write(Default);
        }
        else if (ReferenceEquals(comparer, ReferenceEqualityComparer.Instance))
        {
            writer.Write(ByReference);
        }
        else if (comparer is IEqualityComparer<string?> text && StringComparer.IsWellKnownOrdinalComparer(text, out var ignoresCase))
        {
            writer.Write(ignoresCase ? OrdinalIgnoreCase : Ordinal);
        }
        else if (
            comparer is IEqualityComparer<string?> culture
            && StringComparer.IsWellKnownCultureAwareComparer(culture, out var info, out var options)
        )
        {
            writer.WriteArrayHeader(2);
            writer.Write(info.Name);
            writer.Write((int)options);
        }
        else
        {
            session.WriteOther(ref writer, comparer, typeof(object), expected: null);
        }
    }

    /// <summary>Null for the default one.</summary>
    public static TComparer? Read<TComparer>(ref MessagePackReader reader, ReadSession session)
        where TComparer : class
    {
        object? comparer;
        if (reader.NextMessagePackType == MessagePackType.Integer)
        {
            comparer = WellKnown(reader.ReadInt32());
        }
        else if (session.IsTyped(ref reader))
        {
            comparer = session.ReadTyped<object>(ref reader);
        }
        else if (!session.TryReadReference(ref reader, out comparer))
        {
            comparer = ReadCulture(ref reader);
        }

        return comparer is null or TComparer
            ? (TComparer?)comparer
            : throw new ProtocolException($"A comparer of type '{comparer.GetType()}' is where a '{typeof(TComparer)}' is needed.");
    }

    private static object? WellKnown(int code) =>
        code switch
        {
            Default => null,
            Ordinal => StringComparer.Ordinal,
            OrdinalIgnoreCase => StringComparer.OrdinalIgnoreCase,
            ByReference => ReferenceEqualityComparer.Instance,
            _ => throw new ProtocolException($"No comparer has the number {code}."),
        };

    private static StringComparer ReadCulture(ref MessagePackReader reader)
    {
        BytesCodec.ExpectItems(ref reader, 2);
        var name = StringCodec.Read(ref reader);
        var options = (CompareOptions)reader.ReadInt32();
        try
        {
            return name.Length > 0 ? StringComparer.Create(CultureInfo.GetCultureInfo(name), options)
                : options == CompareOptions.None ? StringComparer.InvariantCulture
                : options == CompareOptions.IgnoreCase ? StringComparer.InvariantCultureIgnoreCase
                : StringComparer.Create(CultureInfo.InvariantCulture, options);
        }
        catch (ArgumentException e)
        {
            throw new ProtocolException($"There is no comparer of culture '{name}' with options {options} here.", e);
        }
    }
}
