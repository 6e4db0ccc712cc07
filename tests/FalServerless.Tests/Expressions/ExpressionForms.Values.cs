using System.Globalization;
using System.Numerics;

namespace FalServerless.Tests.Expressions;

internal static partial class ExpressionForms
{
    private static IEnumerable<ExpressionForm> Strings =>
    [
        Form(() => "Hello World"),
        Form((string name) => "Hello " + name, "you"),
        Form((string a, int b) => a + b + 'c' + 1.5m + null, "x", 2),
        Form((string a, int b) => $"{a}: {b}", "x", 2),
        Form((int a, int b) => $"{a,5}|{b:x4}|{a + b}", 42, 255),
        Form((string a, string b) => string.Concat(a, "-", b, "-"), "x", "y"),
        Form((string a) => a.Length, "four"),
        Form((string a) => a[1], "four"),
        Form((string a) => a[9], "four"),
        Form((string a) => a.Substring(1, 2).ToUpperInvariant(), "four"),
        Form((string a) => a.Trim().Replace("o", "0").PadLeft(6, '*'), " four "),
        Form((string a) => a.Split(new[] { ',' }), "a,b,c"),
        Form((string a) => a.Contains("ou") && a.StartsWith("f", StringComparison.Ordinal), "four"),
        Form((string a) => a.IndexOf('u'), "four"),
        Form((string a) => string.Join("/", a.Select(c => c.ToString())), "four"),
        Form((string? a) => string.IsNullOrEmpty(a), null),
        Form((string? a) => a!.Length, null),
        Form((string a) => string.Compare(a, "FOUR", StringComparison.OrdinalIgnoreCase), "four"),
        Form((string a) => new string(a.Reverse().ToArray()), "four"),
        Form((int a) => new string('x', a), 3),
        Form((string a) => string.Format(CultureInfo.InvariantCulture, "{0}-{1:F2}", a, 1.5), "x"),
        Form((string a) => a + "\ud800" + "\u00e9\U0001F600", "x"),
        Form((string a) => nameof(a) + nameof(Person.Age), "x"),
    ];

    private static IEnumerable<ExpressionForm> Constants =>
    [
        Form(() => 1), Form(() => 1u), Form(() => -1L), Form(() => ulong.MaxValue), Form(() => (short)-5), Form(() => (byte)5),
        Form(() => 'c'), Form(() => '\ud800'), Form(() => true), Form(() => 1.5), Form(() => float.NaN), Form(() => -0.0), Form(() => 79228162514264337593543950335m),
        Form(() => 1.10m), Form(() => (string?)null), Form(() => (int?)null), Form(() => (int?)5), Form(() => Shade.Dark), Form(() => (Shade?)Shade.Light),
        Form(() => ShadeOfSByte.Least), Form(() => ShadeOfInt16.Least), Form(() => ShadeOfUInt16.Most), Form(() => ShadeOfInt32.Least),
        Form(() => ShadeOfUInt32.Most), Form(() => ShadeOfInt64.Least), Form(() => ShadeOfUInt64.Most), Form(() => DayOfWeek.Friday),
        Form(() => (object)5), Form(() => (object)Shade.Dark), Form(() => (Enum)Shade.Dark), Form(() => (IComparable)"x"),
        Form(() => default(int)), Form(() => default(string)), Form(() => default(Point)), Form(() => default(Guid)), Form(() => Helpers.Answer),
        Form(() => int.MaxValue), Form(() => (nint)5), Form(() => (nuint)5), Form(() => "\0\"\\"), Form(() => ""),
    ];

    private static IEnumerable<ExpressionForm> Library =>
    [
        Form((double r) => Math.PI * r * r, 2.0),
        Form((double x) => Math.Round(Math.Sqrt(x) + Math.Pow(x, 2), 3), 2.0),
        Form((int x) => Math.Max(x, 3) + Math.Min(x, 3) + Math.Abs(-x) + Math.Sign(x), 5),
        Form((double x) => Math.Max(x, 2), 1.5),
        Form((double x) => Math.Floor(x) + Math.Ceiling(x) + Math.Truncate(x), -1.5),
        Form((string s) => int.Parse(s, CultureInfo.InvariantCulture), "42"),
        Form((string s) => int.Parse(s, CultureInfo.InvariantCulture), "x"),
        Form((string s) => double.Parse(s, NumberStyles.Float, CultureInfo.InvariantCulture), "1.5e3"),
        Form((string s) => decimal.Parse(s, CultureInfo.InvariantCulture), "1,234.50"),
        Form((string s) => DateTime.ParseExact(s, "yyyy-MM-dd", CultureInfo.InvariantCulture), "2024-02-29"),
        Form((string s) => Guid.Parse(s), "6f9619ff-8b86-d011-b42d-00c04fc964ff"),
        Form((string s) => Convert.ToInt32(s, 16), "ff"),
        Form((byte[] b) => Convert.ToBase64String(b), [1, 2, 3]),
        Form((string s) => Convert.FromHexString(s), "00ff"),
        Form((object o) => Convert.ToDouble(o, CultureInfo.InvariantCulture), 5),
        Form((string s) => System.Text.RegularExpressions.Regex.Replace(s, @"\d+", "#"), "a1b22"),
        Form((string s) => System.Text.RegularExpressions.Regex.Replace(s, @"\d+", m => (m.Value.Length * 2).ToString()), "a1b22"),
        Form((string s) => System.Text.RegularExpressions.Regex.IsMatch(s, "^a.*$"), "abc"),
        Form((string s) => System.Text.Encoding.UTF8.GetBytes(s), "é"),
        Form((DateTime d) => d.AddDays(1).AddHours(-2).DayOfWeek, new DateTime(2024, 2, 28)),
        Form((DateTime a, DateTime b) => (a - b).TotalDays, new DateTime(2024, 3, 1), new DateTime(2024, 2, 1)),
        Form((int h) => new TimeSpan(h, 30, 0) + TimeSpan.FromMinutes(45.0), 2),
        Form((int d) => new DateOnly(2024, 1, 1).AddDays(d), 59),
        Form((int n) => BigInteger.Pow(2, n) - 1, 100),
        Form((BigInteger a, BigInteger b) => a * b % 97, BigInteger.Pow(10, 30), new BigInteger(7)),
        Form((Complex a) => Complex.Abs(a * a), new Complex(3, 4)),
        Form((int x) => BitOperations.PopCount((uint)x), 255),
        Form((int x) => x.ToString("D5", CultureInfo.InvariantCulture), 42),
        Form((int x) => x.CompareTo(5) + x.GetHashCode(), 42),
        Form((char c) => char.IsLetter(c) && char.ToUpperInvariant(c) == 'A', 'a'),
        Form((int a, int b) => Tuple.Create(a, b, "t"), 1, 2),
        Form((int a, int b) => ValueTuple.Create(a, b), 1, 2),
        Form((int a) => KeyValuePair.Create(a, a.ToString()), 1),
        Form((int a, int b) => Helpers.Sum(a, b), 1, 2),
        Form((string s) => Enum.Parse<Shade>(s), "Dark"),
        Form((string s) => (Shade)Enum.Parse(typeof(Shade), s), "Light"),
        Form((string s) => Environment.NewLine.Length > 0 ? Path.GetExtension(s) : "", "a/b.txt"),
        Form((int[] a) => Array.IndexOf(a, 3), [1, 3]),
        Form((int[] a) => Array.ConvertAll(a, x => x * 2L), [1, 3]),
        Form((int n) => Enumerable.Range(1, n).Aggregate(1L, (a, b) => a * b), 10),
        Form(() => string.Empty + bool.TrueString + TimeSpan.Zero.Ticks),
    ];
}
