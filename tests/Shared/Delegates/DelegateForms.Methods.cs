namespace FalServerless.Tests.Shared.Delegates;

internal static partial class DelegateForms
{
    private static IEnumerable<DelegateForm> Methods()
    {
        var by = 10;
        return
        [
            Form("iterator", (Func<int, IEnumerable<int>>)Squares, 4),
            Form(
                "iterator local to the body",
                (int n) =>
                {
                    return Evens().ToArray();

                    IEnumerable<int> Evens()
                    {
                        try
                        {
                            for (var i = 0; i < n; i += 2)
                            {
                                yield return i * by;
                            }
                        }
                        finally
                        {
                            n = 0;
                        }
                    }
                },
                7
            ),
            Form(
                "static local function",
                (int a) =>
                {
                    return Twice(a) + 1;

                    static int Twice(int value) => value * 2;
                },
                4
            ),
            Form(
                "capturing local function",
                (int a) =>
                {
                    var seen = new List<int>();
                    Note(a);
                    Note(by);
                    return seen.Sum();

                    void Note(int value) => seen.Add(value + a);
                },
                4
            ),
            Form(
                "generic local function",
                (int a) =>
                {
                    return Pair(a, "x") + Pair("y", by);

                    string Pair<T, U>(T first, U second) => $"{typeof(T).Name} {first}, {typeof(U).Name} {second}, {by}";
                },
                4
            ),
            Form(
                "recursive local function",
                (int n) =>
                {
                    return Factorial(n);

                    int Factorial(int left) => left <= 1 ? 1 : left * Factorial(left - 1);
                },
                6
            ),
            Form("a local function as the body", (Func<int, int>)Local, 5),
            Form("a static local function as the body", (Func<int, int>)StaticLocal, 5),
            Form("a generic local function as the body", (Func<string, string>)GenericLocal<string>, "x"),
        ];

        int Local(int a) => a + by;

        static int StaticLocal(int a) => a * 3;

        string GenericLocal<T>(T value) => $"{typeof(T).Name} {value} {by}";
    }

    private static IEnumerable<DelegateForm> Groups()
    {
        var dog = new Dog("Rex");
        Animal animal = dog;
        ISpeaker speaker = dog;
        ISpeaker silent = new Silent();
        var spot = new Spot(3, 4);
        object boxed = new Spot(5, 6);
        List<int> list = [1, 2, 3];
        Covariant = dog.Name.ToUpperInvariant;
        return
        [
            Form("Math.Sqrt", (Func<double, double>)Math.Sqrt, 2.0),
            Form("string.IsNullOrEmpty", (Func<string?, bool>)string.IsNullOrEmpty, ""),
            Form("an overload of the framework's", (Func<int, int, int>)Math.Max, 2, 3),
            Form("a generic method of the framework's", (Func<IEnumerable<int>, int>)Enumerable.Count, list),
            Form("a text's method", (Func<string, bool>)"framework".Contains, "work"),
            Form("a list's method", (Func<int, bool>)list.Contains, 3),
            Form("static method", (Func<int, int, string>)Animal.Compare, 3, 4),
            Form("private static method", (Func<Metres, Metres, Metres>)Total, new Metres(1), new Metres(2)),
            Form("instance method", (Func<string>)dog.Fetch),
            Form("virtual method through its base", (Func<string>)animal.Say),
            Form("method of the base class itself", dog.BaseSay()),
            Form("method of an interface", (Func<string>)speaker.Speak),
            Form("default method of an interface", (Func<string>)silent.Whisper),
            Form("explicit method of an interface", (Func<string>)silent.Speak),
            Form("method of a struct", (Func<int, int>)spot.Distance, 2),
            Form("method of a boxed struct", (Func<string?>)boxed.ToString),
            Form("extension method over an object", (Func<int, string>)dog.Repeat, 3),
            Form("extension method over a text", (Func<int, string>)"ab".Times, 2),
            Form("extension method over null", (Func<int, string>)((string?)null).Times, 2),
            Form("a method that takes more and gives less", new Func<string, object>(Describe), "given"),
            Form("a delegate's Invoke", (Func<string>)Covariant.Invoke),
            Form("combined actions", (Action<List<int>>)First + Second, new List<int> { 1 }),
            Form("combined functions", new Func<int, int>(value => value + 1) + Thrice, 5),
            Form("open instance method", typeof(Dog).GetMethod(nameof(Dog.Fetch))!.CreateDelegate<Func<Dog, string>>(), dog),
        ];
    }

    private static Func<string>? Covariant { get; set; }

    private static IEnumerable<int> Squares(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return i * i;
        }
    }

    private static string Describe(object value) => $"described {value}";

    private static void First(List<int> list) => list.Add(2);

    private static void Second(List<int> list)
    {
        if (list is not [1, 2])
        {
            throw new InvalidOperationException("The first did not run before.");
        }

        list.RemoveAt(1);
    }

    private static int Thrice(int value) => value * 3;
}
