using System.Globalization;

namespace FalServerless.Serialization.Cultures;

/// <summary>Calendars of the framework as texts: the type, the kind of a Gregorian one, and the last year of two digits.</summary>
internal static class CalendarNames
{
    private static readonly Dictionary<string, Func<Calendar>> Makers = new Func<Calendar>[]
    {
        () => new GregorianCalendar(),
        () => new ChineseLunisolarCalendar(),
        () => new HebrewCalendar(),
        () => new HijriCalendar(),
        () => new JapaneseCalendar(),
        () => new JapaneseLunisolarCalendar(),
        () => new JulianCalendar(),
        () => new KoreanCalendar(),
        () => new KoreanLunisolarCalendar(),
        () => new PersianCalendar(),
        () => new TaiwanCalendar(),
        () => new TaiwanLunisolarCalendar(),
        () => new ThaiBuddhistCalendar(),
        () => new UmAlQuraCalendar(),
    }.ToDictionary(make => make().GetType().Name);

    public static string Write(Calendar calendar) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{calendar.GetType().Name}:{(calendar is GregorianCalendar gregorian ? (int)gregorian.CalendarType : 0)}:"
                + $"{calendar.TwoDigitYearMax}"
        );

    /// <exception cref="ProtocolException">It is no calendar of the framework.</exception>
    public static Calendar Read(string text)
    {
        var parts = text.Split(':');
        if (
            parts.Length == 3
            && Makers.TryGetValue(parts[0], out var make)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var kind)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var year)
        )
        {
            try
            {
                var calendar = make();
                if (calendar is GregorianCalendar gregorian && kind != 0)
                {
                    gregorian.CalendarType = (GregorianCalendarTypes)kind;
                }

                if (calendar.TwoDigitYearMax != year)
                {
                    calendar.TwoDigitYearMax = year;
                }

                return calendar;
            }
            catch (ArgumentException e)
            {
                throw new ProtocolException($"The message holds a calendar that cannot be: {e.Message}", e);
            }
        }

        throw new ProtocolException($"'{text}' is no calendar.");
    }
}
