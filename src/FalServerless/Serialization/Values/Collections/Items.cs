using System.Runtime.CompilerServices;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>The items of a collection as an array.</summary>
internal static class Items
{
    public static void Write<T>(ref MessagePackWriter writer, ReadOnlySpan<T> items, ValueFormatter<T> formatter, WriteSession session)
    {
        writer.WriteArrayHeader(items.Length);
        WriteBare(ref writer, items, formatter, session);
    }

    /// <summary>The items without a header of their own.</summary>
    public static void WriteBare<T>(ref MessagePackWriter writer, ReadOnlySpan<T> items, ValueFormatter<T> formatter, WriteSession session)
    {
        var i = 0;
        try
        {
            for (; i < items.Length; i++)
            {
                formatter.Write(ref writer, items[i], session);
            }
        }
        catch (NotSendableException e) when (e.Within(i))
        {
            throw;
        }
    }

    public static T[] Read<T>(ref MessagePackReader reader, ValueFormatter<T> formatter, ReadSession session)
    {
        var items = Allocate<T>(ReadCount<T>(ref reader, session));
        ReadInto(ref reader, items, formatter, session);
        return items;
    }

    /// <summary>The count of the array that comes next, which the message may claim.</summary>
    public static int ReadCount<T>(ref MessagePackReader reader, ReadSession session) =>
        session.Claim(ref reader, reader.ReadArrayHeader(), Unsafe.SizeOf<T>());

    public static T[] Allocate<T>(int count) => count == 0 ? [] : new T[count];

    public static void ReadInto<T>(ref MessagePackReader reader, Span<T> items, ValueFormatter<T> formatter, ReadSession session)
    {
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = formatter.Read(ref reader, session);
        }
    }
}
