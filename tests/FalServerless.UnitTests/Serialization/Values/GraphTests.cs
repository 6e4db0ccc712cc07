using System.Collections.Immutable;
using System.Numerics;
using System.Text;
using CsCheck;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Values;

namespace FalServerless.UnitTests.Serialization.Values;

/// <summary>Whatever graph chance builds comes back with the same contents and the same identities.</summary>
public class GraphTests
{
    private const int Graphs = 4000;
    private const int Depth = 5;
    private const int MostKnown = 12;

    private static readonly Dictionary<int, Gen<Plan>> Values = [];

    private static readonly Gen<string> Text = Gen.Frequency((2, Gen.Int[0, 7]), (1, Gen.Int[0, 59]))
        .SelectMany(length => Gen.Frequency((3, Gen.Char['\0', '~']), (1, Gen.Char['\0', '\uffff'])).Array[length])
        .Select(characters => new string(characters));

    private static readonly Gen<Plan> Known = Gen.Int[0, MostKnown - 1]
        .Select(pick => new Plan(pool => pool.Count > 0 ? pool[pick % pool.Count] : null));

    // Of all depths: among large graphs only, no small one would be found that fails.
    private static readonly Gen<Item> Roots = Gen.OneOf([
            .. Enumerable.Range(1, Depth).Select(depth => Gen.Select(Value(depth), OfItem(Math.Max(depth - 1, 1)).Array[0, 2])),
        ])
        .Select(plans =>
        {
            var pool = new List<object>();
            return new Item { Any = plans.Item1(pool), Typed = [.. plans.Item2.Select(plan => (Item)plan(pool)!)] };
        });

    // What makes an object when the objects made before it are known.
    private delegate object? Plan(List<object> pool);

    [Fact]
    public void AnyGraphOfObjectsSurvivesWithItsIdentities() =>
        Roots.Sample(
            Graphs,
            root =>
            {
                var there = Travel.RoundTrip(root);
                Assert.Equal(Describe(root), Describe(there));
                Assert.Equal(Travel.Bytes(root), Travel.Bytes(there));
            },
            Describe
        );

    private static Gen<Plan> Value(int depth)
    {
        if (depth == 0)
        {
            return Gen.Const(new Plan(_ => null));
        }

        if (!Values.TryGetValue(depth, out var values))
        {
            var inner = Value(depth - 1);
            var item = OfItem(depth);
            values = Values[depth] = Gen.Frequency(
                (4, Known),
                (9, Scalar()),
                (1, Gen.Select(inner, Gen.Int, (first, second) => new Plan(pool => (first(pool), second)))),
                (1, inner.Array[0, 3].Select(plans => new Plan(pool => Filled(new object?[plans.Length], pool, i => plans[i](pool))))),
                (
                    1,
                    inner
                        .Array[0, 3]
                        .Select(plans => new Plan(pool =>
                            Add(new List<object?>(), pool, list => list.AddRange(plans.Select(plan => plan(pool))))
                        ))
                ),
                (
                    1,
                    Gen.Select(Text, inner)
                        .Array[0, 3]
                        .Select(pairs => new Plan(pool =>
                            Add(
                                new Dictionary<string, object?>(StringComparer.Ordinal),
                                pool,
                                map => Array.ForEach(pairs, pair => map[pair.Item1] = pair.Item2(pool))
                            )
                        ))
                ),
                (1, item.Array[0, 3].Select(plans => new Plan(pool => Filled(new Item[plans.Length], pool, i => (Item)plans[i](pool)!)))),
                (
                    1,
                    inner
                        .Array[0, 3]
                        .Select(plans => new Plan(pool =>
                            Add(new Stack<object?>(), pool, stack => Array.ForEach(plans, plan => stack.Push(plan(pool))))
                        ))
                ),
                (1, item)
            );
        }

        return values;
    }

    private static Gen<Plan> Scalar() =>
        Gen.OneOf(
            Gen.Const(new Plan(_ => null)),
            Of(Gen.Int[-100_000, 100_000]),
            Of(Gen.Long),
            Of(Gen.Double),
            Of(Text),
            Of(Gen.Select(Gen.Long[0, DateTime.MaxValue.Ticks - 1], Gen.Enum<DateTimeKind>(), (ticks, kind) => new DateTime(ticks, kind))),
            Of(
                Gen.Select(
                    Gen.Int,
                    Gen.Int,
                    Gen.Int,
                    Gen.Bool,
                    Gen.Byte[0, 28],
                    (low, mid, high, sign, scale) => new decimal(low, mid, high, sign, scale)
                )
            ),
            Of(Gen.Select(Gen.Long, Gen.Long, (left, right) => new BigInteger(left) * right)),
            Of(Text.Array[0, 3].Select(texts => texts.ToImmutableArray())),
            Of(Gen.Int[1, 2].Select(rank => typeof(Dictionary<,>).MakeGenericType(typeof(string), typeof(Item).MakeArrayType(rank)))),
            Of(Gen.Int[0, 8].Select(day => (DayOfWeek)day))
        );

    private static Gen<Plan> Of<T>(Gen<T> values) => values.Select(value => new Plan(_ => value));

    private static Gen<Plan> OfItem(int depth)
    {
        var typed = depth > 1 ? OfItem(depth - 1).Array[0, 1] : Gen.Const(Array.Empty<Plan>());
        return Gen.Select(
            Gen.Select(Gen.Int[0, 2], Gen.Bool, Gen.Int),
            Value(depth - 1),
            Gen.Select(Gen.Int, Text),
            typed,
            (kind, any, pair, inner) =>
                new Plan(pool =>
                    kind.Item1 == 0 && pool.OfType<Item>().FirstOrDefault() is { } known
                        ? known
                        : Add(
                            kind.Item2 ? new Special(kind.Item3) : new Item(),
                            pool,
                            item =>
                            {
                                item.Any = any(pool);
                                item.Pair = pair;
                                item.Typed = inner.Length == 0 ? null : [.. inner.Select(plan => (Item)plan(pool)!)];
                            }
                        )
                )
        );
    }

    private static T Add<T>(T value, List<object> pool, Action<T> fill)
        where T : class
    {
        // Known before it is filled, so that what is in it may lead back to it; but the pool must end somewhere.
        if (pool.Count < MostKnown)
        {
            pool.Add(value);
            fill(value);
        }

        return value;
    }

    private static T[] Filled<T>(T[] array, List<object> pool, Func<int, T> make) =>
        Add(
            array,
            pool,
            items =>
            {
                for (var i = 0; i < items.Length; i++)
                {
                    items[i] = make(i);
                }
            }
        );

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
