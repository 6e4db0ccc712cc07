using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization.Values;

/// <summary>Whatever graph chance builds comes back with the same contents and the same identities.</summary>
public class GraphTests
{
    private const int Graphs = 4000;

    [Fact]
    public void AnyGraphOfObjectsSurvivesWithItsIdentities()
    {
        var random = Printed.Random(nameof(AnyGraphOfObjectsSurvivesWithItsIdentities));
        for (var i = 0; i < Graphs; i++)
        {
            var pool = new List<object>();
            var root = new Item
            {
                Any = Make(random, pool, 5),
                Typed = [.. Enumerable.Range(0, random.Next(3)).Select(_ => MakeItem(random, pool, 4))],
            };
            var there = Travel.RoundTrip(root);
            Assert.Equal(Describe(root), Describe(there));
            Assert.Equal(Travel.Bytes(root), Travel.Bytes(there));
        }
    }

    private static object? Make(Random random, List<object> pool, int depth)
    {
        if (depth == 0)
        {
            return null;
        }

        if (pool.Count > 0 && random.Next(4) == 0)
        {
            return pool[random.Next(pool.Count)];
        }

        return random.Next(18) switch
        {
            0 => null,
            1 => random.Next(-100_000, 100_000),
            2 => random.NextInt64(long.MinValue, long.MaxValue),
            3 => BitConverter.Int64BitsToDouble(random.NextInt64()),
            4 => Text(random),
            5 => new DateTime(random.NextInt64(DateTime.MaxValue.Ticks), (DateTimeKind)random.Next(3)),
            6 => new decimal(random.Next(), random.Next(), random.Next(), random.Next(2) == 0, (byte)random.Next(29)),
            7 => new BigInteger(random.NextInt64()) * random.NextInt64(),
            8 => (Make(random, pool, depth - 1), random.Next()),
            9 => Filled(new object?[random.Next(4)], pool, (array, i) => array[i] = Make(random, pool, depth - 1)),
            10 => Add(new List<object?>(), pool, list => Repeat(random, () => list.Add(Make(random, pool, depth - 1)))),
            11 => Add(
                new Dictionary<string, object?>(StringComparer.Ordinal),
                pool,
                map => Repeat(random, () => map[Text(random)] = Make(random, pool, depth - 1))
            ),
            12 => Enumerable.Range(0, random.Next(4)).Select(_ => Text(random)).ToImmutableArray(),
            13 => Filled(new Item[random.Next(4)], pool, (array, i) => array[i] = MakeItem(random, pool, depth - 1)),
            14 => Add(new Stack<object?>(), pool, stack => Repeat(random, () => stack.Push(Make(random, pool, depth - 1)))),
            15 => typeof(Dictionary<,>).MakeGenericType(typeof(string), typeof(Item).MakeArrayType(random.Next(1, 3))),
            16 => (DayOfWeek)random.Next(9),
            _ => MakeItem(random, pool, depth),
        };
    }

    private static Item MakeItem(Random random, List<object> pool, int depth) =>
        random.Next(3) == 0 && pool.OfType<Item>().FirstOrDefault() is { } known
            ? known
            : Add(
                random.Next(2) == 0 ? new Item() : new Special(random.Next()),
                pool,
                item =>
                {
                    item.Any = Make(random, pool, depth - 1);
                    item.Pair = (random.Next(), Text(random));
                    item.Typed = random.Next(2) == 0 ? null : [MakeItem(random, pool, Math.Max(depth - 1, 1))];
                }
            );

    private static T Add<T>(T value, List<object> pool, Action<T> fill)
        where T : class
    {
        // Known before it is filled, so that what is in it may lead back to it; but the pool must end somewhere.
        if (pool.Count < 12)
        {
            pool.Add(value);
            fill(value);
        }

        return value;
    }

    private static T[] Filled<T>(T[] array, List<object> pool, Action<T[], int> fill) =>
        Add(array, pool, items => Array.ForEach(Enumerable.Range(0, items.Length).ToArray(), i => fill(items, i)));

    private static void Repeat(Random random, Action action)
    {
        for (var i = random.Next(4); i > 0; i--)
        {
            action();
        }
    }

    private static string Text(Random random) =>
        new([
            .. Enumerable
                .Range(0, random.Next(random.Next(3) == 0 ? 60 : 8))
                .Select(_ => (char)random.Next(random.Next(4) == 0 ? 0x10000 : 0x7f)),
        ]);

    /// <summary>The graph as text: every object by the order in which it is met first.</summary>
    private static string Describe(object? root)
    {
        var text = new StringBuilder();
        var met = new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
        Walk(root);
        return text.ToString();

        void Walk(object? value)
        {
            switch (value)
            {
                case null:
                    text.Append("null ");
                    return;
                case string characters:
                    text.Append(Convert.ToHexString(Encoding.Unicode.GetBytes(characters))).Append(characters.Length).Append(' ');
                    return;
                case double number:
                    text.Append(BitConverter.DoubleToInt64Bits(number)).Append("d ");
                    return;
                case DateTime time:
                    text.Append(time.Ticks).Append(time.Kind).Append(' ');
                    return;
                case decimal number:
                    text.AppendJoin('.', decimal.GetBits(number)).Append("m ");
                    return;
                case ValueTuple<object?, int> pair:
                    Walk(pair.Item1);
                    Walk(pair.Item2);
                    return;
                case ImmutableArray<string> texts:
                    text.Append('<');
                    Array.ForEach([.. texts], Walk);
                    text.Append('>');
                    return;
                case ValueType or Type:
                    text.Append(value.GetType().Name).Append(value).Append(' ');
                    return;
            }

            if (met.TryGetValue(value, out var known))
            {
                text.Append('#').Append(known).Append(' ');
                return;
            }

            met.Add(value, met.Count);
            text.Append(value.GetType()).Append('(');
            switch (value)
            {
                case Item item:
                    Walk(item.Any);
                    Walk(item.Pair.Item1);
                    Walk(item.Pair.Item2);
                    Walk(item.Typed);
                    Walk((item as Special)?.Mark);
                    break;
                case Dictionary<string, object?> map:
                    foreach (var (key, inner) in map)
                    {
                        Walk(key);
                        Walk(inner);
                    }

                    break;
                case System.Collections.IEnumerable items:
                    foreach (var inner in items)
                    {
                        Walk(inner);
                    }

                    break;
            }

            text.Append(')');
        }
    }

    private class Item
    {
        public object? Any;
        public (int, string?) Pair;
        public List<Item>? Typed;
    }

    private sealed class Special(int mark) : Item
    {
        public int Mark => mark;
    }
}
