namespace FalServerless.Tests.Shared.Expressions;

internal static partial class ExpressionForms
{
    private static IEnumerable<ExpressionForm> Objects =>
        [
            Form((string n, int a) => new Person(n, a), "Eve", 5),
            Form((string n) => new Person(n, 5) { City = "Bern" }, "Eve"),
            Form(
                (int a, string b) =>
                    new
                    {
                        a,
                        b,
                        Sum = a + b.Length,
                    },
                1,
                "x"
            ),
            Form((int a) => new { a, Inner = new { a, Text = "t" } }.Inner.Text, 1),
            Form((int a) => new { a }.Equals(new { a }), 1),
            Form(() => new object().GetType()),
            Form((int x) => new Point { X = x, Y = x + 1 }, 3),
            Form(() => new Point()),
            Form((int x) => new Point { X = x, Y = 2 }.Sum, 3),
            Form((int x) => new List<int> { x, x + 1, 3 }, 1),
            Form((int x) => new List<int>(x) { 1 }.Capacity, 8),
            Form((string k) => new Dictionary<string, int> { { k, 1 }, { "b", 2 } }, "a"),
            Form((int x) => new HashSet<int> { x, x }.Count, 1),
            Form(
                (int x) =>
                    new Basket
                    {
                        Count = x,
                        Label = "b",
                        Items = { 1, x },
                        Prices = { { "p", 1 }, { "q", x } },
                    },
                2
            ),
            Form(
                (int x) =>
                    new Basket
                    {
                        Part = { Depth = x, Tags = { "a", "b" } },
                        Corner = new Point { X = x },
                    },
                2
            ),
            Form(
                (int x) =>
                    new Basket { Inner = new Basket { Inner = new Basket { Count = x } } }
                        .Inner!
                        .Inner!
                        .Count,
                2
            ),
            Form((int x) => new Basket { Items = { x, 5 } }[1], 2),
            Form((string k) => new Basket { Prices = { { k, 5 } } }[k], "k"),
            Form((int x) => new Box<int>.Inside { Value = x }.ToString(), 2),
            Form((int a, int b) => new DateTime(2024, a, b, 0, 0, 0, DateTimeKind.Utc), 2, 29),
            Form((int a, int b) => new DateTime(2023, a, b), 2, 29),
            Form((string s) => new Uri(s).Host, "http://example.org/x"),
            Form((int a) => new Version(a, 2), 1),
            Form((string s) => new KeyValuePair<string, int?>(s, null), "k"),
            Form((int a) => new Tuple<int, string>(a, "x").Item2, 1),
            Form((int a) => new System.Text.StringBuilder().Append(a).Append('-').Append("x").Append(true).ToString(), 1),
            Form((string s) => new Exception(s).Message, "m"),
        ];

    private static IEnumerable<ExpressionForm> Arrays =>
        [
            Form((int a) => new[] { a, 2, 3 }, 1),
            Form((int n) => new int[n], 3),
            Form((int n) => new int[n], -1),
            Form((int n) => new string[n, 2].Length, 3),
            Form((int n) => new int[n, 2, 3].GetLength(2), 3),
            Form((int a) => new[] { new[] { a }, new int[0], new[] { a, a } }, 1),
            Form((int a) => new object[] { a, "x", 1.5 }, 1),
            Form((int[] a) => a[1] + a.Length, [1, 2]),
            Form((int[] a) => a[5], [1, 2]),
            Form((int[] a) => a.LongLength, [1, 2]),
            Form(
                (int[,] a) => a[1, 0],
                new[,]
                {
                    { 1, 2 },
                    { 3, 4 },
                }
            ),
            Form(
                (int[][] a) => a[1][0],
                [
                    [1],
                    [2],
                ]
            ),
            Form((long i) => Helpers.Primes[i], 2L),
            Form(
                (int[,,] a) => a[0, 1, 0] + a.Rank,
                new[,,]
                {
                    {
                        { 1 },
                        { 2 },
                    },
                }
            ),
            Form((string[] a) => a.Clone(), ["x"]),
            Form((int[] a) => ((IList<int>)a).Count, [1, 2]),
        ];

    private static IEnumerable<ExpressionForm> Types =>
        [
            Form(() => typeof(int)),
            Form(() => typeof(List<>)),
            Form(() => typeof(Dictionary<string, int[]>)),
            Form(() => typeof(Basket.Nested)),
            Form(() => typeof(int[,])),
            Form(() => typeof(Box<int>.Inside)),
            Form(() => typeof(void)),
            Form(() => typeof(Person).Name),
            Form((object o) => o.GetType() == typeof(string), "x"),
            Form((object o) => o is IEnumerable<char>, "x"),
            Form((object o) => o is Shade, Shade.Dark),
            Form((object o) => o as IComparable<int>, 5),
            Form((object o) => ((ILabelled)o).Label + ((ILabelled)o).Say("x"), new Labelled()),
        ];

    private static IEnumerable<ExpressionForm> UserTypes =>
        [
            Form((int a) => a.Twice().Twice(), 5),
            Form((int a) => Helpers.SumOf(a, 2, 3), 5),
            Form(() => Helpers.SumOf()),
            Form((int[] a) => Helpers.SumOf(a), [1, 2]),
            Form((int a) => Helpers.Pick(a) + Helpers.Pick((long)a) + Helpers.Pick((object)a), 5),
            Form((int[] a) => Helpers.Pick(a) + Helpers.Pick(1, "x"), [1, 2]),
            Form(() => Helpers.Primes.Length + Helpers.Counter),
            Form(() => Helpers.Title.Length + Shape.Made),
            Form((int a) => Helpers.Peek(a), 5),
            Form(() => Helpers.Same<int?>(null)),
            Form(() => Box<string>.Name + Box<List<int>>.Name),
            Form(() => Box<int>.Tell(5) + Box<int>.Tell(5, 6) + Box<string>.Tell("a", "b")),
            Form(() => Box<string>.Map("a", 5) + Box<string>.Map("a", "b")),
            Form((Person p) => p.Name + p.Age + p.City, People[0]),
            Form((Person p) => p.Equals(new Person("Ann", 30) { City = "Rome" }), People[0]),
            Form((Person p) => p.ToString(), People[0]),
            Form((Point p) => p.X * p.Y + p.Sum, new Point { X = 2, Y = 3 }),
        ];

    private static IEnumerable<ExpressionForm> Lambdas =>
        [
            Form((int a) => new Func<int, int>(x => x + a)(5), 1),
            Form((int a) => ((Func<int, Func<int, int>>)(x => y => x * y + a))(5)(6), 1),
            Form((Func<int, int> f) => f(f(2)), x => x * 3),
            Form((int[] a, Func<int, bool> f) => a.Where(f).ToArray(), Numbers, x => x > 3),
            Form((int[] a) => a.Select(x => a.Count(y => a.Any(z => z > y && y > x))).ToArray(), Numbers),
            Form((int a) => ((Predicate<int>)(x => x > a))(5), 1),
            Form((int a) => new Converter<int, string>(x => (x + a).ToString())(5), 1),
            Form((int[] a) => a.Select(Helpers.Same).ToArray(), Numbers),
            Form((string[] a) => a.Select(int.Parse).Sum(), ["1", "2"]),
            Form((int a) => ((Func<int>)(() => a / 0 * 1)).Invoke(), 1, "() => a / 0 inside a lambda"),
        ];

    private static IEnumerable<ExpressionForm> Spans =>
        [
            Form((int[] a) => a.Contains(3), Numbers),
            Form((string[] a, string s) => a.Contains(s), ["x", "y"], "y"),
            Form((Shade[] a) => a.Contains(Shade.Dark), [Shade.Light]),
            Form((int[] a) => a.SequenceEqual(new[] { 5, 3, 8, 1, 9, 2 }), Numbers),
            Form((int[] a) => a.IndexOf(8), Numbers),
            Form(
                (int[][] a) => a.Where(x => x.Contains(2)).Select(x => x.Length).ToArray(),
                [
                    [1],
                    [2, 3],
                ]
            ),
            Form((Person[] p) => p.Where(x => new[] { "Ann", "Cid" }.Contains(x.Name)).Count(), People),
        ];
}
