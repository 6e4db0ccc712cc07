using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FalServerless.Wire;

namespace FalServerless.Serialization.Values;

/// <summary>
/// An array of several dimensions, or one that does not begin at zero: <c>[length…, items]</c> (the package's convention),
/// and <c>[length…, lower bound…, items]</c> where a lower bound is not zero. The items are in row-major order.
/// </summary>
internal sealed class MultiArrayFormatter<TArray, T>(ValueFormatter<T> items) : ReferenceFormatter<TArray>
    where TArray : class
{
    private static readonly int Rank = typeof(TArray).GetArrayRank();

    public override void WriteBody(ref MessagePackWriter writer, object value, WriteSession session)
    {
        var array = (Array)value;
        var dimensions = Enumerable.Range(0, Rank);
        var hasBounds = dimensions.Any(i => array.GetLowerBound(i) != 0);
        writer.WriteArrayHeader((hasBounds ? 2 * Rank : Rank) + 1);
        foreach (var i in dimensions)
        {
            writer.Write(array.GetLength(i));
        }

        foreach (var i in hasBounds ? dimensions : [])
        {
            writer.Write(array.GetLowerBound(i));
        }

        Items.Write<T>(ref writer, Flat(array), items, session);
    }

    public override object ReadBody(ref MessagePackReader reader, ReadSession session, int slot)
    {
        var parts = reader.ReadArrayHeader();
        if (parts != Rank + 1 && parts != (2 * Rank) + 1)
        {
            throw new ProtocolException($"An array of {Rank} dimensions is not written in {parts} parts.");
        }

        var lengths = ReadNumbers(ref reader);
        var bounds = parts == Rank + 1 ? new int[Rank] : ReadNumbers(ref reader);
        var count = Items.ReadCount<T>(ref reader, session);
        if (!IsPossible(lengths, bounds, count))
        {
            throw new ProtocolException($"An array of {string.Join(" × ", lengths)} does not hold {count} items.");
        }

        var array = Array.CreateInstanceFromArrayType(typeof(TArray), lengths, bounds);
        session.Set(slot, array);
        Items.ReadInto(ref reader, Flat(array), items, session);
        return array;
    }

    private static Span<T> Flat(Array array) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);

    private static int[] ReadNumbers(ref MessagePackReader reader)
    {
        var numbers = new int[Rank];
        for (var i = 0; i < Rank; i++)
        {
            numbers[i] = reader.ReadInt32();
        }

        return numbers;
    }

    private static bool IsPossible(int[] lengths, int[] bounds, int count)
    {
        if (Array.Exists(lengths, length => length < 0) || lengths.Zip(bounds).Any(pair => (long)pair.First + pair.Second > int.MaxValue))
        {
            return false;
        }

        // Any zero makes the product zero, however large the others: then nothing may follow.
        var product = lengths.Contains(0) ? 0 : lengths.Aggregate(1L, (product, length) => product > count ? product : product * length);
        return product == count;
    }
}
