using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using FalServerless.Wire;

namespace FalServerless.Serialization.Cultures;

/// <summary>
/// The properties of a culture that a program can change. Their numbers, the places in <see cref="All"/>, are part of the protocol: append
/// only.
/// </summary>
internal static class CultureProperties
{
    private const int MaximumItems = 64;
    private const int LongestText = 1024;

    private static readonly (Type Owner, string Name)[] All =
    [
        .. Of<NumberFormatInfo>(
            "CurrencyDecimalDigits CurrencyDecimalSeparator CurrencyGroupSizes CurrencyGroupSeparator CurrencyNegativePattern "
                + "CurrencyPositivePattern CurrencySymbol DigitSubstitution NaNSymbol NativeDigits NegativeInfinitySymbol "
                + "NegativeSign NumberDecimalDigits NumberDecimalSeparator NumberGroupSeparator NumberGroupSizes "
                + "NumberNegativePattern PercentDecimalDigits PercentDecimalSeparator PercentGroupSeparator PercentGroupSizes "
                + "PercentNegativePattern PercentPositivePattern PercentSymbol PerMilleSymbol PositiveInfinitySymbol "
                + "PositiveSign"
        ),
        // The calendar first: setting it resets what the others say.
        .. Of<DateTimeFormatInfo>(
            "Calendar AbbreviatedDayNames AbbreviatedMonthGenitiveNames AbbreviatedMonthNames AMDesignator CalendarWeekRule "
                + "DateSeparator DayNames FirstDayOfWeek FullDateTimePattern LongDatePattern LongTimePattern MonthDayPattern "
                + "MonthGenitiveNames MonthNames PMDesignator ShortDatePattern ShortestDayNames ShortTimePattern TimeSeparator "
                + "YearMonthPattern"
        ),
        .. Of<TextInfo>("ListSeparator"),
    ];

    // Reflection, once: nearly all cultures that are sent are unchanged, and a name says it all.
    private static readonly Lazy<PropertyInfo[]> Properties = new(static () =>
        [.. All.Select(property => property.Owner.GetProperty(property.Name)!)]
    );

    private static readonly ConditionalWeakTable<CultureInfo, object[]> PlainValues = [];

    public static int Count => All.Length;

    /// <summary>The name with its order of sorting, as <c>de-DE_phoneb</c>, which <see cref="CultureInfo.Name"/> lacks.</summary>
    public static string NameOf(CultureInfo culture) => culture.GetType() == typeof(CultureInfo) ? culture.ToString() : culture.Name;

    /// <summary>What differs from the culture of the same name: the property's number and the value.</summary>
    public static IReadOnlyList<(int Number, object Value)> Changes(CultureInfo culture)
    {
        var plain = Plain(culture);
        if (ReferenceEquals(culture, plain))
        {
            return [];
        }

        // Whether a culture that may be changed was changed is looked at before each call.
        var usual = PlainValues.GetValue(plain, Values);
        List<(int, object)>? changes = null;
        for (var i = 0; i < All.Length; i++)
        {
            var value = Value(culture, i);
            if (!AreSame(value, usual[i]))
            {
                (changes ??= []).Add((i, value));
            }
        }

        return changes ?? (IReadOnlyList<(int, object)>)[];
    }

    public static void Write(ref MessagePackWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.Write(text);
                break;
            case string[] texts:
                writer.WriteArrayHeader(texts.Length);
                foreach (var text in texts)
                {
                    writer.Write(text);
                }

                break;
            case int[] numbers:
                writer.WriteArrayHeader(numbers.Length);
                foreach (var number in numbers)
                {
                    writer.Write(number);
                }

                break;
            case Calendar calendar:
                writer.Write(CalendarNames.Write(calendar));
                break;
            default:
                writer.Write(Convert.ToInt32(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    /// <summary>Reads a property's number and value, and sets it.</summary>
    /// <exception cref="ProtocolException">There is no such property, or it cannot have that value.</exception>
    public static void Read(ref MessagePackReader reader, CultureInfo culture)
    {
        var number = reader.ReadInt32();
        if ((uint)number >= (uint)All.Length)
        {
            throw new ProtocolException($"A culture has no property {number}.");
        }

        var property = Properties.Value[number];
        var value = ReadValue(ref reader, property.PropertyType);
        try
        {
            property.SetValue(Owner(culture, property), value);
        }
        catch (Exception e) when (e is not ProtocolException)
        {
            // Only the framework's setters run here, and names that it takes for cultures though they are none: whatever they refuse, the
            // message is to blame.
            throw new ProtocolException(
                $"The property '{property.Name}' of a culture cannot have the value that the message holds: "
                    + $"{(e.InnerException ?? e).Message}",
                e
            );
        }
    }

    private static object ReadValue(ref MessagePackReader reader, Type type)
    {
        if (type == typeof(string))
        {
            return ReadText(ref reader);
        }

        if (type == typeof(Calendar))
        {
            return CalendarNames.Read(ReadText(ref reader));
        }

        if (!type.IsArray)
        {
            var number = reader.ReadInt32();
            return type.IsEnum ? Enum.ToObject(type, number) : number;
        }

        var count = reader.ReadArrayHeader();
        if (count > MaximumItems)
        {
            throw new ProtocolException($"A property of a culture has at most {MaximumItems} items, not {count}.");
        }

        if (type == typeof(int[]))
        {
            var numbers = new int[count];
            for (var i = 0; i < count; i++)
            {
                numbers[i] = reader.ReadInt32();
            }

            return numbers;
        }

        var texts = new string[count];
        for (var i = 0; i < count; i++)
        {
            texts[i] = ReadText(ref reader);
        }

        return texts;
    }

    private static string ReadText(ref MessagePackReader reader) =>
        reader.ReadString() is { Length: <= LongestText } text
            ? text
            : throw new ProtocolException("A text of a culture is missing or too long.");

    private static CultureInfo Plain(CultureInfo culture)
    {
        try
        {
            return NameOf(culture) is { Length: > 0 } name ? CultureInfo.GetCultureInfo(name) : CultureInfo.InvariantCulture;
        }
        catch (CultureNotFoundException)
        {
            // A culture that a program made itself, with a name of its own.
            return CultureInfo.InvariantCulture;
        }
    }

    private static object[] Values(CultureInfo culture) => [.. Enumerable.Range(0, All.Length).Select(number => Value(culture, number))];

    private static object Value(CultureInfo culture, int number)
    {
        var property = Properties.Value[number];
        return property.GetValue(Owner(culture, property))!;
    }

    private static object Owner(CultureInfo culture, PropertyInfo property) =>
        property.DeclaringType == typeof(NumberFormatInfo) ? culture.NumberFormat
        : property.DeclaringType == typeof(DateTimeFormatInfo) ? culture.DateTimeFormat
        : culture.TextInfo;

    private static bool AreSame(object value, object plain) =>
        (value, plain) switch
        {
            (string[] texts, string[] others) => texts.AsSpan().SequenceEqual(others),
            (int[] numbers, int[] others) => numbers.AsSpan().SequenceEqual(others),
            (Calendar calendar, Calendar other) => CalendarNames.Write(calendar) == CalendarNames.Write(other),
            _ => value.Equals(plain),
        };

    private static IEnumerable<(Type, string)> Of<T>(string names) => names.Split(' ').Select(name => (typeof(T), name));
}
