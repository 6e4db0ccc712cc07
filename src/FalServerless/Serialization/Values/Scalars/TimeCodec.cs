using System.Buffers.Binary;
using FalServerless.Serialization.MessagePack;

namespace FalServerless.Serialization.Values;

/// <summary>Times: UTC as the timestamp extension, other kinds as they stand on the clock, since their zone does not travel.</summary>
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
        BinaryPrimitives.WriteUInt64BigEndian(writer.GetSpan(8), ((ulong)value.Kind << KindShift) | (ulong)value.Ticks);
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
        return kind <= DateTimeKind.Local && ticks <= DateTime.MaxValue.Ticks
            ? new(ticks, kind)
            : throw new ProtocolException("The message holds a DateTime that cannot be.");
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
        return day >= 0 && day <= DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber(day) : throw new ProtocolException($"No date is day {day}.");
    }

    public static TimeOnly ReadTime(ref MessagePackReader reader)
    {
        var ticks = reader.ReadInt64();
        return ticks >= 0 && ticks <= TimeOnly.MaxValue.Ticks ? new(ticks) : throw new ProtocolException($"A day has no time of {ticks} ticks.");
    }
}
