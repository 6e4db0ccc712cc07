using System.Globalization;
using System.Text;

namespace FalServerless.Tests.Shared.Delegates;

internal static partial class DelegateForms
{
    private static IEnumerable<DelegateForm> Statements() =>
        [
            Form(
                "block",
                () =>
                {
                    var a = 20;
                    a += 1;
                    return a * 2;
                }
            ),
            Form(
                "switch on a text",
                (string word) =>
                {
                    switch (word)
                    {
                        case "one":
                            return 1;
                        case "two":
                            return 2;
                        case "three":
                            return 3;
                        case "four":
                            return 4;
                        case "five":
                            return 5;
                        case "six":
                            return 6;
                        case "seven":
                            return 7;
                        default:
                            return -1;
                    }
                },
                "six"
            ),
            Form(
                "nested loops with continue and break",
                () =>
                {
                    var sum = 0;
                    for (var i = 0; i < 10; i++)
                    {
                        foreach (var j in new[] { 1, 2, 3, 4 })
                        {
                            if (j == 2)
                            {
                                continue;
                            }

                            if (j == 4)
                            {
                                break;
                            }

                            sum += i * j;
                        }
                    }

                    do
                    {
                        sum--;
                    } while (sum > 100);
                    return sum;
                }
            ),
            Form(
                "goto",
                (int n) =>
                {
                    var steps = 0;
                    again:
                    n = n % 2 == 0 ? n / 2 : 3 * n + 1;
                    steps++;
                    if (n != 1)
                    {
                        goto again;
                    }

                    return steps;
                },
                27
            ),
            Form(
                "try, catch with a filter, finally",
                (string text) =>
                {
                    var log = new StringBuilder();
                    try
                    {
                        log.Append(int.Parse(text, CultureInfo.InvariantCulture));
                    }
                    catch (FormatException e) when (e.Message.Length > 0)
                    {
                        log.Append("filtered");
                    }
                    catch (OverflowException)
                    {
                        log.Append("overflow");
                    }
                    finally
                    {
                        log.Append(", done");
                    }

                    return log.ToString();
                },
                "x"
            ),
            Form(
                "using and lock",
                () =>
                {
                    var gate = new Lock();
                    using var memory = new MemoryStream();
                    using (var writer = new StreamWriter(memory, leaveOpen: true))
                    {
                        lock (gate)
                        {
                            writer.Write("written");
                        }
                    }

                    lock (memory)
                    {
                        return memory.Length;
                    }
                }
            ),
            Form(
                "nothing returned",
                () =>
                {
                    GC.KeepAlive(new object());
                }
            ),
            Form(
                "delegate { } with a parameter list left out",
                new Func<int, string, string>(
                    delegate
                    {
                        return "anonymous";
                    }
                ),
                1,
                "x"
            ),
            Form(
                "delegate (int a) { }",
                delegate(int a)
                {
                    return a + 1;
                },
                4
            ),
            Form("throws its own exception", new Func<int>(() => throw new NotSupportedException("as it says")), []),
            Form(
                "throws with an argument's name",
                (string? text) =>
                {
                    ArgumentNullException.ThrowIfNull(text);
                    return text.Length;
                },
                [null]
            ),
            Form(
                "checked arithmetic overflows",
                (int a) =>
                {
                    checked
                    {
                        return a * 2;
                    }
                },
                int.MaxValue
            ),
            Form(
                "unchecked arithmetic wraps",
                (int a) =>
                {
                    unchecked
                    {
                        return a * 2;
                    }
                },
                int.MaxValue
            ),
            Form(
                "divides by zero",
                (int a) =>
                {
                    var half = a / 2;
                    return half / (a - a);
                },
                4
            ),
        ];

    private static IEnumerable<DelegateForm> Language() =>
        [
            Form(
                "pattern matching",
                (object value) =>
                {
                    return value switch
                    {
                        int and > 5 => "large",
                        string { Length: > 2 and var length } text => text + length,
                        int[] and [1, .., var last] => $"ends in {last}",
                        Item { Name: "pen" or "ink", Price: var price } => $"writes for {price}",
                        null => "null",
                        _ => "other",
                    };
                },
                new int[] { 1, 2, 9 }
            ),
            Form(
                "records with with",
                (Item item) =>
                {
                    var (name, price) = item;
                    return item with { Name = name + "!", Price = price + 1 };
                },
                new Item("pen", 3)
            ),
            Form(
                "record structs",
                (Spot spot) =>
                {
                    var moved = spot with { X = 5 };
                    return (moved, moved == spot, moved.ToString());
                },
                new Spot(1, 2)
            ),
            Form(
                "ref locals, spans and stackalloc",
                (int n) =>
                {
                    Span<int> numbers = stackalloc int[n];
                    for (var i = 0; i < n; i++)
                    {
                        numbers[i] = i * i;
                    }

                    ref var third = ref numbers[2];
                    third += 100;
                    ReadOnlySpan<int> rest = numbers[1..];
                    var sum = 0;
                    foreach (ref readonly var number in rest)
                    {
                        sum += number;
                    }

                    return sum;
                },
                5
            ),
            Form(
                "unsafe code",
                (byte[] bytes) =>
                {
                    unsafe
                    {
                        fixed (byte* first = bytes)
                        {
                            return *(int*)first;
                        }
                    }
                },
                new byte[] { 1, 2, 3, 4 }
            ),
            Form(
                "tuples and deconstruction",
                (int a) =>
                {
                    (int Low, string High) pair = (a, "h");
                    var (low, high) = pair;
                    (low, a) = (a + 1, low);
                    return (low, high, a);
                },
                3
            ),
            Form(
                "anonymous types",
                (int a) =>
                {
                    var made = new { A = a, B = new { C = "c" } };
                    return made;
                },
                3
            ),
            Form(
                "text interpolation",
                (double d) =>
                {
                    return string.Create(CultureInfo.InvariantCulture, $"{d, 10:F3}|{d:E2}|{nameof(d)}|{{}}");
                },
                3.14159
            ),
            Form(
                "LINQ with lambdas of its own",
                (int least) =>
                {
                    var query =
                        from word in new[] { "apple", "kiwi", "banana", "fig" }
                        where word.Length >= least
                        let first = word[0]
                        orderby word.Length descending, word
                        select $"{first}:{word}";
                    return query.ToList();
                },
                4
            ),
            Form(
                "static abstract members of an interface",
                (int a) =>
                {
                    return Total<Metres>(new Metres(a), new Metres(2)).Value;
                },
                4
            ),
            Form(
                "out and ref helpers",
                (string text) =>
                {
                    var count = 0;
                    Bump(ref count, by: 3);
                    return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number + count : count;
                },
                "40"
            ),
            Form(
                "a lambda with a default parameter",
                (int a, int b = 7) =>
                {
                    return a * b;
                },
                2,
                8
            ),
            Form(
                "ranges, indices, null operators",
                (int[] numbers) =>
                {
                    string? nothing = null;
                    nothing ??= "set";
                    return nothing + numbers[^1] + numbers[1..^1].Length + (numbers?.Length ?? 0);
                },
                new int[] { 1, 2, 3, 4 }
            ),
            Form(
                "collection expressions and params",
                () =>
                {
                    List<int> list = [1, 2, .. Enumerable.Range(3, 2)];
                    return Join([.. list, 9]) + Join(1, 2);
                }
            ),
            Form(
                "an object made with private state",
                () =>
                {
                    var counter = new Tally { Step = 3 };
                    counter.Add();
                    counter.Add();
                    return counter;
                }
            ),
            Form(
                "dynamic dispatch of a switch over types",
                (Animal animal) =>
                {
                    return animal switch
                    {
                        Dog dog => dog.Say() + "?",
                        Animal other => other.Say(),
                    };
                },
                new Dog("Rex")
            ),
        ];

    private static T Total<T>(T a, T b)
        where T : IAddable<T> => T.Add(T.Add(T.Zero, a), b);

    private static void Bump(ref int value, int by) => value += by;

    private static string Join(params ReadOnlySpan<int> numbers) => string.Join(',', numbers.ToArray());
}
