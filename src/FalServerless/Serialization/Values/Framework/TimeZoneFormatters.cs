namespace FalServerless.Serialization.Values;

/// <summary>
/// Time zones with their rules: the worker's own zone of the same name where it is the same one, else one that is made of the rules.
/// </summary>
internal static class TimeZoneFormatters
{
    public static ValueFormatter TimeZoneInfo(FormatterResolver formatters) =>
        Surrogates.Class<TimeZoneInfo, (string, string?)>(formatters, zone => Take(zone), parts => Make(parts.Item1, parts.Item2));

    public static ValueFormatter AdjustmentRule(FormatterResolver formatters) =>
        Surrogates.Class<
            TimeZoneInfo.AdjustmentRule,
            (DateTime, DateTime, TimeSpan, TimeZoneInfo.TransitionTime, TimeZoneInfo.TransitionTime, TimeSpan)
        >(
            formatters,
            rule =>
                (
                    rule.DateStart,
                    rule.DateEnd,
                    rule.DaylightDelta,
                    rule.DaylightTransitionStart,
                    rule.DaylightTransitionEnd,
                    rule.BaseUtcOffsetDelta
                ),
            parts =>
                System.TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
                    parts.Item1,
                    parts.Item2,
                    parts.Item3,
                    parts.Item4,
                    parts.Item5,
                    parts.Item6
                )
        );

    public static ValueFormatter TransitionTime(FormatterResolver formatters) =>
        Surrogates.Struct<TimeZoneInfo.TransitionTime, (DateTime, int, int, int, DayOfWeek, bool)>(
            formatters,
            time => (time.TimeOfDay, time.Month, time.Week, time.Day, time.DayOfWeek, time.IsFixedDateRule),
            parts =>
                parts.Item2 == 0 ? default
                : parts.Item6 ? System.TimeZoneInfo.TransitionTime.CreateFixedDateRule(parts.Item1, parts.Item2, parts.Item4)
                : System.TimeZoneInfo.TransitionTime.CreateFloatingDateRule(parts.Item1, parts.Item2, parts.Item3, parts.Item5)
        );

    private static (string Id, string? Rules) Take(TimeZoneInfo zone)
    {
        if (zone == System.TimeZoneInfo.Utc)
        {
            return (zone.Id, "");
        }

        var rules = zone.ToSerializedString();
        if (IsWhole(zone, rules))
        {
            return (zone.Id, rules);
        }

        return System.TimeZoneInfo.TryFindSystemTimeZoneById(zone.Id, out var known) && known.HasSameRules(zone)
            ? (zone.Id, null)
            : throw Surrogates.Refuse(zone, "its rules have no text", "Pass its Id, and look it up inside the body");
    }

    // The framework's text of the zones that are read from files leaves out what some of them need.
    private static bool IsWhole(TimeZoneInfo zone, string rules)
    {
        try
        {
            return System.TimeZoneInfo.FromSerializedString(rules).HasSameRules(zone);
        }
        catch (System.Runtime.Serialization.SerializationException)
        {
            return false;
        }
    }

    private static TimeZoneInfo Make(string id, string? rules)
    {
        if (rules?.Length == 0)
        {
            return System.TimeZoneInfo.Utc;
        }

        // The names are in the language of the process, so that they may differ where the rules are the same.
        var isKnown = System.TimeZoneInfo.TryFindSystemTimeZoneById(id, out var here);
        return isKnown && (rules is null || here!.ToSerializedString() == rules) ? here!
            : rules is null
                ? throw new ProtocolException(
                    "The time zone of the message is not available here. Install the time zone data (Debian: tzdata)."
                )
            : System.TimeZoneInfo.FromSerializedString(rules);
    }
}
