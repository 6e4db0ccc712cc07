using System.Text;
using CsCheck;

namespace FalServerless.Tests.Shared.Wire;

/// <summary>Values of every family, crowded around the borders between formats.</summary>
internal static class RandomValues
{
    private const int Depth = 4;

    private static readonly Gen<int> Length = Gen.Frequency(
        (2, Gen.Int[0, 11]),
        (1, Gen.OneOf(0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 255, 256))
    );

    private static readonly Gen<int> Count = Gen.Frequency((11, Gen.Int[0, 4]), (1, Gen.Int[15, 18]));

    private static readonly Gen<byte[]> Bytes = Length.SelectMany(length => Gen.Byte.Array[length]);

    private static readonly Gen<string> Text = Length.SelectMany(length =>
        Gen.Frequency((6, Gen.Int[0, 0x7f]), (1, Gen.Int[0x80, 0xd7ff]), (1, Gen.Int[0xe000, 0x10ffff]))
            .Array[length]
            .Select(runes => string.Concat(runes.Select(rune => new Rune(rune).ToString())))
    );

    // Next to a power of two lie the borders.
    private static readonly Gen<Int128> Integer = Gen.OneOf(
        Gen.ULong.Select(number => (Int128)number),
        Gen.Long.Select(number => (Int128)number),
        Gen.Select(
            Gen.Int[0, 64],
            Gen.Int[-2, 2],
            Gen.Bool,
            (bits, offset, isNegative) =>
                Int128.Clamp(((Int128.One << bits) + offset) * (isNegative ? -1 : 1), long.MinValue, ulong.MaxValue)
        )
    );

    private static readonly Gen<Value> Timestamp = Gen.Select(
        Gen.OneOf(
            Gen.Long[0, (1L << 32) - 1],
            Gen.Long[(1L << 34) - 2, (1L << 34) + 2],
            Gen.Long[-10, 10],
            Gen.Long[long.MinValue, long.MaxValue]
        ),
        Gen.Frequency((1, Gen.Const(0u)), (2, Gen.UInt[0, 999_999_999])),
        (seconds, nanoseconds) => (Value)new Value.Timestamp(seconds, nanoseconds)
    );

    private static readonly Gen<float> Single = Gen.OneOf(
        Gen.OneOf(0f, -0f, 1f, float.Epsilon, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN),
        Gen.Int[-1000, 999].Select(number => (float)number),
        Gen.Int.Uniform.Select(BitConverter.Int32BitsToSingle)
    );

    private static readonly Gen<double> Double = Gen.OneOf(
        Gen.OneOf(
            0d,
            -0d,
            1d,
            double.Epsilon,
            double.MaxValue,
            double.MinValue,
            double.PositiveInfinity,
            double.NegativeInfinity,
            double.NaN
        ),
        Gen.Int[-1000, 999].Select(number => (double)number),
        Gen.Long.Uniform.Select(BitConverter.Int64BitsToDouble)
    );

    /// <summary>With floats of 64 bits. Of all depths: among large values only, no small one would be found that fails.</summary>
    public static Gen<Value> Any { get; } = Gen.OneOf([.. Enumerable.Range(0, Depth + 1).Select(depth => Of(depth, singles: false))]);

    /// <param name="depth">How many levels of lists and maps there are at most.</param>
    /// <param name="singles">Whether floats are the 32-bit kind; a peer that re-encodes knows one kind at a time.</param>
    public static Gen<Value> Of(int depth, bool singles)
    {
        var scalar = Gen.OneOf(
            Gen.Const<Value>(new Value.Nil()),
            Gen.Bool.Select(of => (Value)new Value.Boolean(of)),
            Integer.Select(of => (Value)new Value.Integer(of)),
            singles
                ? Single.Select(of => (Value)new Value.Single(float.IsNaN(of) ? float.NaN : of))
                : Double.Select(of => (Value)new Value.Double(double.IsNaN(of) ? double.NaN : of)),
            Text.Select(of => (Value)new Value.Text(of)),
            Bytes.Select(of => (Value)new Value.Binary(of)),
            Gen.Select(Gen.Int[0, sbyte.MaxValue], Bytes, (code, data) => (Value)new Value.Extension((sbyte)code, data)),
            Timestamp
        );
        if (depth == 0)
        {
            return scalar;
        }

        var item = Of(depth - 1, singles);

        // Of the types whose equal values are the same key in every language: 1, 1.0 and true are one key in Python.
        var key = Gen.Frequency(
            (2, Text.Select(of => (Value)new Value.Text(of))),
            (1, Integer.Select(of => (Value)new Value.Integer(of))),
            (1, Bytes.Select(of => (Value)new Value.Binary(of)))
        );
        return Gen.Frequency(
            (8, scalar),
            (2, Count.SelectMany(count => item.Array[count]).Select(items => (Value)new Value.List(items))),
            (
                1,
                Count
                    .SelectMany(count => Gen.Select(key, item).Array[count])
                    .Select(pairs => (Value)new Value.Map([.. pairs.DistinctBy(pair => pair.Item1.ToString())]))
            )
        );
    }
}
