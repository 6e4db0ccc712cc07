using System.Collections.Immutable;
using System.Numerics;

namespace FalServerless.Tests.Shared.Expressions;

internal static partial class ExpressionForms
{
    private static IEnumerable<ExpressionForm> Closures(string parameter = "p", int times = 3)
    {
        var forms = new List<ExpressionForm>();
        var name = "you";
        var limit = 4;
        forms.Add(Form(() => "Hello " + name));
        forms.Add(Form(() => parameter + times));
        forms.Add(Form(() => limit + limit * limit));
        forms.Add(Form(() => Numbers.Where(x => x > limit).Select(x => x + name.Length).ToArray()));
        forms.Add(Form(() => Numbers.AsQueryable().Where(x => x > limit).OrderBy(x => x).ToArray()));
        forms.Add(Form((int a, int b) => a * limit + b, 2, 3));
        forms.Add(Form(() => name == parameter ? limit : times));
        for (var i = 0; i < 2; i++)
        {
            var square = i * i + limit;
            forms.Add(Form(() => square + limit, $"loop variable {i}: () => square + limit"));
            foreach (var item in new[] { "a", "b" })
            {
                var text = item + i;
                forms.Add(Form(() => text + item + square + limit + name, $"nested scopes {i}{item}"));
            }
        }

        var half = 0;
        var grown = 5;
        forms.Add(Form(() => Helpers.TryHalve(limit, out half) ? half : -1));
        forms.Add(Form(() => Helpers.Same(Helpers.TryHalve(10, out half)) ? half + 1 : 0));
        forms.Add(Form(() => Helpers.Grow(ref grown) > 0));
        forms.Add(Form(() => Numbers.Select(x => int.TryParse(x.ToString(), out half) ? half : 0).ToArray()));
        Func<int, int> twice = x => x * 2;
        forms.Add(Form((int a) => a + limit + Helpers.Twice(a), 4));
        forms.Add(Form(() => twice(limit)));
        forms.Add(Form(() => Numbers.Select(twice).Sum()));
        return forms;
    }

    private static IEnumerable<ExpressionForm> Scalars()
    {
        (sbyte i8, byte u8, short i16, ushort u16) = (-8, 8, -16, 16);
        (uint u32, long i64, ulong u64, nint native) = (32, -64, ulong.MaxValue, -5);
        (float f32, double f64, decimal money, Half half) = (1.5f, double.Epsilon, 1.10m, (Half)0.5);
        (Int128 i128, UInt128 u128, BigInteger big) = (Int128.MinValue, UInt128.MaxValue, BigInteger.Pow(-3, 99));
        (char letter, bool flag, Guid id) = ('\u00e9', true, new Guid("6f9619ff-8b86-d011-b42d-00c04fc964ff"));
        var utc = new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc);
        var unspecified = new DateTime(2024, 2, 29, 1, 2, 3).AddTicks(7);
        var offset = new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.FromHours(5.5));
        (DateOnly date, TimeOnly time, TimeSpan span) = (new(2024, 2, 29), new(1, 2, 3), TimeSpan.FromTicks(-7));
        (Uri address, Version version, Complex plane) = (new("http://example.org/a?b"), new(1, 2, 3, 4), new(1, -1));
        (Shade shade, Rights rights, DayOfWeek day) = (Shade.Dark, Rights.All, DayOfWeek.Friday);
        (int? some, int? none, Shade? noShade, DateTime? when, decimal? cost) = (5, null, null, utc, 1.5m);
        (string? nothing, string lone, Type type) = (null, "\ud800", typeof(Person));
        return
        [
            Form(() => i8),
            Form(() => u8),
            Form(() => i16),
            Form(() => u16),
            Form(() => u32),
            Form(() => i64),
            Form(() => u64),
            Form(() => native),
            Form(() => f32),
            Form(() => f64),
            Form(() => money),
            Form(() => half),
            Form(() => i128),
            Form(() => u128),
            Form(() => big),
            Form(() => letter),
            Form(() => flag),
            Form(() => id),
            Form(() => utc),
            Form(() => unspecified),
            Form(() => offset),
            Form(() => date),
            Form(() => time),
            Form(() => span),
            Form(() => address),
            Form(() => version),
            Form(() => plane),
            Form(() => shade),
            Form(() => rights),
            Form(() => day),
            Form(() => some),
            Form(() => none),
            Form(() => noShade),
            Form(() => when),
            Form(() => cost),
            Form(() => nothing),
            Form(() => lone + lone),
            Form(() => type),
            Form(() => utc.AddDays(1) > unspecified),
            Form(() => i128 + 1),
            Form(() => half + half),
            Form(() => some + none),
            Form(() => address.Host + version.Major + plane.Real),
            Form(() => shade == Shade.Dark && noShade == null),
            Form(() =>
                new
                {
                    i8,
                    u8,
                    i16,
                    u16,
                    u32,
                    i64,
                    u64,
                    f32,
                    f64,
                    money,
                    half,
                    letter,
                    flag,
                    id,
                    utc,
                    date,
                    time,
                    span,
                    shade,
                    rights,
                }
            ),
        ];
    }

    private static IEnumerable<ExpressionForm> Collections()
    {
        int[] array = [3, 1, 2];
        int[,] grid =
        {
            { 1, 2 },
            { 3, 4 },
        };
        int[][] jagged =
        [
            [1],
            [2, 3],
        ];
        List<string> list = ["b", "a"];
        var map = new Dictionary<string, int> { ["one"] = 1, ["two"] = 2 };
        var set = new HashSet<int> { 1, 2 };
        var immutable = ImmutableArray.Create(1, 2, 3);
        var pair = (Name: "n", Value: 5);
        var tuple = Tuple.Create(1, "x");
        var person = People[0];
        var point = new Point { X = 1, Y = 2 };
        var anonymous = new { A = 1, B = "b" };
        IEnumerable<int> sequence = array;
        IReadOnlyDictionary<string, int> readOnly = map;
        object boxed = 5;
        byte[] bytes = [1, 2, 255];
        var query = new[] { 1, 2, 3 }.AsQueryable();
        return
        [
            Form(() => array),
            Form(() => array.OrderBy(x => x).ToArray()),
            Form(() => array[1]),
            Form(() => array.Contains(2)),
            Form(() => grid[1, 0]),
            Form(() => jagged[1][1]),
            Form(() => list.Count + list[0]),
            Form(() => list.Select(x => x + array.Length).ToList()),
            Form(() => map["two"]),
            Form(() => map.ContainsKey("three")),
            Form(() => set.Contains(2)),
            Form(() => immutable.Sum()),
            Form(() => pair.Name + pair.Value),
            Form(() => tuple.Item2 + tuple.Item1),
            Form(() => person.Name + person.City),
            Form(() => point.X + point.Y),
            Form(() => point.Sum),
            Form(() => anonymous.B + anonymous.A),
            Form(() => sequence.Sum()),
            Form(() => readOnly["one"]),
            Form(() => (int)boxed + 1),
            Form(() => bytes.Length + bytes[2]),
            Form(() => query.Where(x => x > 1).ToArray()),
            Form(() => (from x in array join y in sequence on x equals y select x * y).Sum()),
            Form(() => person),
            Form(() => pair),
            Form(() => anonymous),
            Form(() => point),
        ];
    }
}

/// <summary>Forms that use <c>this</c>: its private and inherited fields, its methods.</summary>
internal sealed class FormOwner(int given) : Shape
{
    private readonly int _size = 7;
    private readonly string _name = "owner";
    private Point _point = new() { X = 1 };

    internal int Size => _size;

    public override string Describe() => "owned " + base.Describe();

    private int Double(int value) => value * 2 + _size;

    private static int Triple(int value) => value * 3;

    public IEnumerable<ExpressionForm> This()
    {
        var local = 5;
        return
        [
            ExpressionForms.Form(() => _size),
            ExpressionForms.Form(() => _name + _size + local),
            ExpressionForms.Form(() => Size + local),
            ExpressionForms.Form(() => Double(local)),
            ExpressionForms.Form(() => Double(_size) + _size),
            ExpressionForms.Form(() => Triple(_size)),
            ExpressionForms.Form(() => Describe()),
            ExpressionForms.Form(() => Hidden("x") + Sides),
            ExpressionForms.Form(() => given * 2),
            ExpressionForms.Form(() => _point.X + local),
            ExpressionForms.Form(() => this._size + this.Size),
            ExpressionForms.Form(() => Enumerable.Range(0, local).Select(x => Double(x) + _size).ToArray()),
        ];
    }
}

/// <summary>Forms inside a generic class and a generic method.</summary>
internal static class GenericForms<T>
{
    public static IEnumerable<ExpressionForm> In(T value) => [.. Of(value, 5), .. Of(value, "u")];

    private static IEnumerable<ExpressionForm> Of<U>(T value, U other)
    {
        var context = $"in <{typeof(T).Name}, {typeof(U).Name}>: ";
        return
        [
            ExpressionForms.Form(() => value, context + "value"),
            ExpressionForms.Form(() => typeof(T), context + "typeof(T)"),
            ExpressionForms.Form(() => default(U), context + "default(U)"),
            ExpressionForms.Form(() => new { value, other }, context + "new { value, other }"),
            ExpressionForms.Form(() => new List<T> { value }, context + "new List<T> { value }"),
            ExpressionForms.Form(() => Box<T>.Tell(value), context + "Box<T>.Tell(value)"),
            ExpressionForms.Form(() => Box<T>.Map(value, other), context + "Box<T>.Map(value, other)"),
            ExpressionForms.Form(
                () => EqualityComparer<T>.Default.Equals(value, value),
                context + "EqualityComparer<T>.Default.Equals(value, value)"
            ),
            ExpressionForms.Form(
                () => new[] { value }.Select(x => Helpers.Pick(x, other)).First(),
                context + "new[] { value }.Select(x => Helpers.Pick(x, other)).First()"
            ),
        ];
    }
}
