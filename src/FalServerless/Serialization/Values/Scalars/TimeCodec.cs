using System.Buffers.Binary;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// Times: UTC as the timestamp extension, local ones as the moment that they are, and those of no kind as the clock shows them.
/// </summary>
internal static class TimeCodec
{
    private const int KindShift = 62;

    public static void Write(ref MessagePackWriter writer, DateTime value)
    {
        if (value.Kind == DateTimeKind.Utc)
        {
            writer.Write(value);
            return;
        }

        writer.WriteExtensionFormatHeader(new(ExtensionCodes.DateTime, 8));

        // The framework's own form of a local time is its moment in UTC, also of one that a clock shows twice.
        BinaryPrimitives.WriteUInt64BigEndian(
            writer.GetSpan(8),
            value.Kind == DateTimeKind.Local ? (ulong)value.ToBinary() : (ulong)value.Ticks
        );
        writer.Advance(8);
    }

    public static DateTime Read(ref MessagePackReader reader)
    {
        var ahead = reader;
        var header = ahead.ReadExtensionFormatHeader();
        if (header.TypeCode != ExtensionCodes.DateTime)
        {
            return reader.ReadDateTime();
        }

        reader = ahead;
        var packed = BytesCodec.ReadUInt64(ref reader, header.Length);
        var (kind, ticks) = ((DateTimeKind)(packed >> KindShift), (long)(packed & ((1UL << KindShift) - 1)));
        if (kind == DateTimeKind.Unspecified && ticks <= DateTime.MaxValue.Ticks)
        {
            return new(ticks);
        }

        try
        {
            return kind == DateTimeKind.Local
                ? DateTime.FromBinary((long)packed)
                : throw new ProtocolException("The message holds a DateTime that cannot be.");
        }
        catch (ArgumentException e)
        {
            throw new ProtocolException($"The message holds a DateTime that cannot be: {e.Message}", e);
        }
    }

    /// <summary>The clock time as if it were UTC, and the offset in minutes: the package's convention.</summary>
    public static void Write(ref MessagePackWriter writer, DateTimeOffset value)
    {
        writer.WriteArrayHeader(2);
        writer.Write(DateTime.SpecifyKind(value.DateTime, DateTimeKind.Utc));
        writer.Write((int)value.Offset.TotalMinutes);
    }

    public static DateTimeOffset ReadOffset(ref MessagePackReader reader)
    {
        BytesCodec.ExpectItems(ref reader, 2);
        var clock = reader.ReadDateTime();
        var minutes = reader.ReadInt16();
        try
        {
            return new(DateTime.SpecifyKind(clock, DateTimeKind.Unspecified), TimeSpan.FromMinutes(minutes));
        }
        catch (ArgumentException e)
        {
            throw new ProtocolException($"The message holds a DateTimeOffset that cannot be: {e.Message}", e);
        }
    }

    public static DateOnly ReadDate(ref MessagePackReader reader)
    {
        var day = reader.ReadInt32();
        return day >= 0 && day <= DateOnly.MaxValue.DayNumber
            ? DateOnly.FromDayNumber(day)
            : throw new ProtocolException($"No date is day {day}.");
    }

    public static TimeOnly ReadTime(ref MessagePackReader reader)
    {
        var ticks = reader.ReadInt64();
        return ticks >= 0 && ticks <= TimeOnly.MaxValue.Ticks
            ? new(ticks)
            : throw new ProtocolException($"A day has no time of {ticks} ticks.");
    }
}
