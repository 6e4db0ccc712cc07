using System.Collections.Immutable;

namespace FalServerless.Tests.Shared.Expressions;

internal static partial class ExpressionForms
{
    private static readonly int[] Numbers = [5, 3, 8, 1, 9, 2];

    private static readonly Person[] People =
    [
        new("Ann", 30) { City = "Rome" },
        new("Bob", 20) { City = "Oslo" },
        new("Cid", 40) { City = "Rome" },
        new("Dee", 20),
    ];

    private static IEnumerable<ExpressionForm> Sequences =>
        [
            Form((int[] a) => a.Where(x => x > 2).Select(x => x * x).ToArray(), Numbers),
            Form((int[] a) => a.Select((x, i) => x * i).ToList(), Numbers),
            Form((int[] a) => a.OrderBy(x => x).ThenByDescending(x => -x).ToArray(), Numbers),
            Form((int[] a) => a.Sum() + a.Min() + a.Max() + a.Count(x => x % 2 == 0), Numbers),
            Form((int[] a) => a.Average(x => (double)x), Numbers),
            Form((int[] a) => a.Any(x => x == 8) && a.All(x => x > 0), Numbers),
            Form((int[] a) => a.First(x => x > 100), Numbers),
            Form((int[] a) => a.FirstOrDefault(x => x > 100), Numbers),
            Form((int[] a) => a.Skip(1).Take(3).Concat(new[] { 7 }).Distinct().ToArray(), Numbers),
            Form((int[] a) => a.Aggregate((x, y) => x * 10 + y), Numbers),
            Form((int[] a) => a.Zip(a.Skip(1), (x, y) => x - y).ToArray(), Numbers),
            Form((int[] a) => a.GroupBy(x => x % 3).OrderBy(g => g.Key).Select(g => new { g.Key, Sum = g.Sum() }).ToArray(), Numbers),
            Form((int[] a) => a.ToDictionary(x => x, x => x.ToString()), Numbers),
            Form((int[] a) => a.ToLookup(x => x % 2 == 0)[true].ToArray(), Numbers),
            Form((int[] a) => a.SelectMany(x => a.Where(y => y > x).Select(y => x * y)).Sum(), Numbers),
            Form((Person[] p) => p.Select(x => new { x.Name, Older = x.Age + 1 }).ToList(), People),
            Form((Person[] p) => p.MaxBy(x => x.Age)!.Name, People),
            Form((Person[] p) => p.OrderBy(x => x.Age).ThenBy(x => x.Name).Select(x => x.Name).ToArray(), People),
            Form((object[] a) => a.OfType<string>().Select(s => s.Length).ToArray(), ["a", 1, "bcd"]),
            Form((object[] a) => a.Cast<int>().Sum(), [1, 2]),
            Form((int[] a) => a.ToHashSet().SetEquals(a), Numbers),
            Form((int[] a) => a.ToImmutableArray().Add(7).Length, Numbers),
            Form((int[] a) => a.Chunk(2).Select(c => c.Sum()).ToArray(), Numbers),
            Form((List<int> a) => a.FindAll(x => x > 3).ConvertAll(x => x.ToString()), [1, 4, 5]),
            Form((List<int> a) => a.Exists(x => x > 3), [1, 4, 5]),
            Form((Dictionary<string, int> m) => m["a"] + m.Count, new Dictionary<string, int> { ["a"] = 3 }),
            Form((Dictionary<string, int> m) => m["b"], new Dictionary<string, int> { ["a"] = 3 }),
        ];

    private static IEnumerable<ExpressionForm> Queries =>
        [
            Form((int[] a) => (from x in a where x > 2 orderby x descending select x * 2).ToArray(), Numbers),
            Form((int[] a) => (from x in a let y = x * x where y > 10 select y - x).ToArray(), Numbers),
            Form((int[] a) => (from x in a from y in a where x < y select x * y).Sum(), Numbers),
            Form(
                (Person[] p) =>
                    (
                        from x in p
                        group x by x.Age into g
                        orderby g.Key
                        select new { Age = g.Key, Names = g.Select(x => x.Name).ToArray() }
                    ).ToArray(),
                People
            ),
            Form((Person[] p) => (from x in p group x.Name by x.City).ToList(), People),
            Form((Person[] p, int[] a) => (from x in p join n in a on x.Age equals n * 10 select x.Name + n).ToArray(), People, [2, 4]),
            Form(
                (Person[] p, int[] a) =>
                    (from n in a join x in p on n * 10 equals x.Age into g select new { n, Count = g.Count() }).ToArray(),
                People,
                [2, 3]
            ),
            Form((Person[] p) => (from x in p orderby x.Age, x.Name descending select x.Name).ToArray(), People),
            Form(
                (Person[] p) =>
                    (
                        from x in p
                        let upper = x.Name.ToUpperInvariant()
                        let n = upper.Length
                        where n > 0
                        from c in upper
                        select new
                        {
                            x.Age,
                            c,
                            n,
                        }
                    ).ToList(),
                People
            ),
            Form((object[] a) => (from string s in a select s.Length).Sum(), ["a", "bc"]),
            Form((int[] a) => (from x in a select new { x, y = x % 2 } into t where t.y == 1 select t.x).ToArray(), Numbers),
        ];

    private static IEnumerable<ExpressionForm> Quotes =>
        [
            Form((int[] a) => a.AsQueryable().Where(x => x > 2).Select(x => x + 1).ToArray(), Numbers),
            Form((int[] a) => (from x in a.AsQueryable() let y = x * 2 orderby y select new { x, y }).ToList(), Numbers),
            Form(
                (Person[] p) => p.AsQueryable().GroupBy(x => x.Age).Select(g => new { g.Key, N = g.Count() }).OrderBy(x => x.Key).ToArray(),
                People
            ),
            Form((int[] a, int least) => a.AsQueryable().Where(x => x > least).Count(), Numbers, 3),
            Form((int[] a, int least) => a.AsQueryable().Where(x => a.AsQueryable().Any(y => y > x + least)).Sum(), Numbers, 3),
        ];
}
