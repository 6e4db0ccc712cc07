using System.Globalization;

namespace FalServerless.Serialization.Values;

/// <summary>What belongs to a culture: found by its name there, with what a program has changed of it.</summary>
internal static class GlobalizationFormatters
{
    public static ValueFormatter RegionInfo(FormatterResolver formatters) =>
        Surrogates.Class<RegionInfo, string>(formatters, region => region.Name, name => new(name));

    public static ValueFormatter CompareInfo(FormatterResolver formatters) =>
        Surrogates.Class<CompareInfo, string>(formatters, compare => compare.Name, System.Globalization.CompareInfo.GetCompareInfo);

    public static ValueFormatter SortVersion(FormatterResolver formatters) =>
        Surrogates.Class<SortVersion, (int, Guid)>(
            formatters,
            version => (version.FullVersion, version.SortId),
            parts => new(parts.Item1, parts.Item2)
        );

    public static ValueFormatter StringInfo(FormatterResolver formatters) =>
        Surrogates.Class<StringInfo, string>(formatters, text => text.String, text => new(text));

    public static ValueFormatter IdnMapping(FormatterResolver formatters) =>
        Surrogates.Class<IdnMapping, (bool, bool)>(
            formatters,
            mapping => (mapping.AllowUnassigned, mapping.UseStd3AsciiRules),
            parts => new() { AllowUnassigned = parts.Item1, UseStd3AsciiRules = parts.Item2 }
        );

    public static ValueFormatter DaylightTime(FormatterResolver formatters) =>
        Surrogates.Class<DaylightTime, (DateTime, DateTime, TimeSpan)>(
            formatters,
            time => (time.Start, time.End, time.Delta),
            parts => new(parts.Item1, parts.Item2, parts.Item3)
        );

    public static ValueFormatter TextInfo(FormatterResolver formatters) =>
        Surrogates.Class<TextInfo, (string, string, bool)>(
            formatters,
            text => (text.CultureName, text.ListSeparator, text.IsReadOnly),
            parts =>
            {
                var text = (TextInfo)CultureInfo.GetCultureInfo(parts.Item1).TextInfo.Clone();
                text.ListSeparator = parts.Item2;
                return parts.Item3 ? System.Globalization.TextInfo.ReadOnly(text) : text;
            }
        );

    public static ValueFormatter NumberFormatInfo(FormatterResolver formatters) =>
        Surrogates.Class<NumberFormatInfo, (CultureInfo, bool)>(
            formatters,
            format =>
            {
                var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
                culture.NumberFormat = format;
                return (culture, format.IsReadOnly);
            },
            parts => parts.Item2 ? System.Globalization.NumberFormatInfo.ReadOnly(parts.Item1.NumberFormat) : parts.Item1.NumberFormat
        );

    /// <summary>A calendar by its class: each has a constructor without parameters, and little that can be set.</summary>
    public static ValueFormatter CalendarOf<T>(FormatterResolver formatters)
        where T : Calendar, new() =>
        Surrogates.Class<T, (int, int, bool)>(
            formatters,
            calendar => (calendar.TwoDigitYearMax, Variant(calendar), calendar.IsReadOnly),
            parts =>
            {
                var calendar = new T();
                SetVariant(calendar, parts.Item2);
                if (calendar.TwoDigitYearMax != parts.Item1)
                {
                    calendar.TwoDigitYearMax = parts.Item1;
                }

                return parts.Item3 ? (T)Calendar.ReadOnly(calendar) : calendar;
            }
        );

    private static int Variant(Calendar calendar) =>
        calendar switch
        {
            GregorianCalendar gregorian => (int)gregorian.CalendarType,
            HijriCalendar hijri => hijri.HijriAdjustment,
            _ => 0,
        };

    private static void SetVariant(Calendar calendar, int variant)
    {
        if (calendar is GregorianCalendar gregorian)
        {
            gregorian.CalendarType = (GregorianCalendarTypes)variant;
        }
        else if (calendar is HijriCalendar hijri)
        {
            hijri.HijriAdjustment = variant;
        }
    }
}
