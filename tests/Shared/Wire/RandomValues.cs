using System.Text;

namespace FalServerless.Tests.Shared.Wire;

/// <summary>Values of every family, crowded around the borders between formats.</summary>
/// <param name="singles">Whether floats are the 32-bit kind; a peer that re-encodes knows one kind at a time.</param>
internal sealed class RandomValues(Random random, bool singles = false)
{
    private static readonly int[] Lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 255, 256];

    public Value Next(int depth = 4) =>
        random.Next(depth > 0 ? 11 : 8) switch
        {
            0 => new Value.Nil(),
            1 => new Value.Boolean(random.Next(2) == 0),
            2 => new Value.Integer(Integer()),
            3 => singles ? new Value.Single(SingleFloat()) : new Value.Double(DoubleFloat()),
            4 => new Value.Text(Text()),
            5 => new Value.Binary(Bytes()),
            6 => new Value.Extension((sbyte)random.Next(128), Bytes()),
            7 => Timestamp(),
            8 => new Value.Map(Pairs(depth - 1)),
            _ => new Value.List([.. Enumerable.Range(0, Count()).Select(_ => Next(depth - 1))]),
        };

    public Int128 Integer()
    {
        // A random number of bits gives every width the same chance; next to a power of two lie the borders.
        var bits = random.Next(65);
        var magnitude =
            random.Next(2) == 0
                ? (Int128.One << bits) + random.Next(-2, 3)
                : (Int128)((ulong)random.NextInt64(long.MinValue, long.MaxValue) >> (64 - Math.Max(bits, 1)));
        return Int128.Clamp(random.Next(2) == 0 ? magnitude : -magnitude, long.MinValue, ulong.MaxValue);
    }

    private Value.Timestamp Timestamp()
    {
        var seconds = random.Next(4) switch
        {
            0 => random.NextInt64(1L << 32),
            1 => (1L << 34) + random.Next(-2, 3),
            2 => random.NextInt64(long.MinValue, long.MaxValue),
            _ => random.NextInt64(-10, 10),
        };
        return new(seconds, random.Next(3) == 0 ? 0 : (uint)random.Next(1_000_000_000));
    }

    private float SingleFloat() =>
        random.Next(4) switch
        {
            0 => random.GetItems(
                [0f, -0f, 1f, float.Epsilon, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN],
                1
            )[0],
            1 => random.Next(-1000, 1000),
            _ => Quiet(BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue))),
        };

    private double DoubleFloat() =>
        random.Next(4) switch
        {
            0 => random.GetItems(
                [
                    0d,
                    -0d,
                    1d,
                    double.Epsilon,
                    double.MaxValue,
                    double.MinValue,
                    double.PositiveInfinity,
                    double.NegativeInfinity,
                    double.NaN,
                ],
                1
            )[0],
            1 => random.Next(-1000, 1000),
            _ => Quiet(BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))),
        };

    // A signalling NaN becomes a quiet one on its way through a register; that is the processor's doing.
    private static float Quiet(float value) => float.IsNaN(value) ? float.NaN : value;

    private static double Quiet(double value) => double.IsNaN(value) ? double.NaN : value;

    private string Text()
    {
        var text = new StringBuilder();
        for (var left = Length(); left > 0; left--)
        {
            var rune = random.Next(8) switch
            {
                0 => random.Next(0xe000, 0x110000),
                1 => random.Next(0x80, 0xd800),
                _ => random.Next(0x80),
            };
            text.Append(new Rune(rune).ToString());
        }

        return text.ToString();
    }

    private byte[] Bytes()
    {
        var bytes = new byte[Length()];
        random.NextBytes(bytes);
        return bytes;
    }

    private List<(Value Key, Value Value)> Pairs(int depth)
    {
        // Of the types whose equal values are the same key in every language: 1, 1.0 and true are one key in Python.
        var keys = new HashSet<string>();
        var pairs = new List<(Value Key, Value Value)>();
        for (var left = Count(); left > 0; left--)
        {
            Value key = random.Next(4) switch
            {
                0 => new Value.Integer(Integer()),
                1 => new Value.Binary(Bytes()),
                _ => new Value.Text(Text()),
            };
            if (keys.Add(key.ToString()))
            {
                pairs.Add((key, Next(depth)));
            }
        }

        return pairs;
    }

    private int Length() => random.Next(3) == 0 ? random.GetItems(Lengths, 1)[0] : random.Next(12);

    private int Count() => random.Next(12) == 0 ? random.Next(15, 19) : random.Next(5);
}
