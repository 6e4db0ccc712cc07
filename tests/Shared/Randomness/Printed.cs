using System.Runtime.CompilerServices;
using CsCheck;

namespace FalServerless.Tests.Shared.Randomness;

/// <summary>Random values with a seed that the test prints, so that a failure can be run again.</summary>
internal static class Printed
{
    private const string Variable = "FAL_TEST_SEED";
    private const int ShortestSampleSeed = 12;

    private static readonly string? Given = Environment.GetEnvironmentVariable(Variable);

    // At the keyboard a test says sooner what it found; a continuous integration looks at every case.
    private const int ShareAtTheKeyboard = 4;
    private static readonly bool IsWhole = Given is not null || Environment.GetEnvironmentVariable("CI") == "true";

    // A seed of CsCheck is longer than any number that is one of Random.
    private static readonly string? GivenSample = Given?.Length >= ShortestSampleSeed ? Given : null;

    /// <summary>A generator whose seed comes from <c>FAL_TEST_SEED</c> or else from chance, and stands in the test's output.</summary>
    public static Random Random(string of)
    {
        var seed = int.TryParse(Given, out var given) ? given : System.Random.Shared.Next();
        Print(of, $"{seed}");
        return new Random(seed);
    }

    /// <summary>So many with <c>CI=true</c> or a given seed; else a quarter.</summary>
    public static int Cases(int count) => IsWhole ? count : (count + ShareAtTheKeyboard - 1) / ShareAtTheKeyboard;

    /// <summary>
    /// Tests values one after the other, with <c>CI=true</c> all and else a quarter. What fails is shrunk: the error has the smallest
    /// value that was found to fail, and its seed.
    /// </summary>
    /// <remarks>A value that ends the process leaves no error: the seed that is printed before them all gives the same values.</remarks>
    public static void Sample<T>(
        this Gen<T> values,
        int count,
        Action<T> test,
        Func<T, string>? print = null,
        [CallerMemberName] string of = ""
    )
    {
        count = Cases(count);
        if (GivenSample is not null)
        {
            foreach (var value in values.Take(count, of))
            {
                var failure = Record.Exception(() => test(value));
                Assert.True(failure is null, $"{(print ?? Check.Print)(value)}: {failure}");
            }

            return;
        }

        Print(of, PCG.ThreadPCG.ToString());
        values.Sample(test, iter: count, threads: 1, print: print);
    }

    /// <summary>
    /// Values for a test in which each case builds on those before it, or all are one case; with <c>CI=true</c> all and else a
    /// quarter. They are not shrunk.
    /// </summary>
    public static IEnumerable<T> Take<T>(this Gen<T> values, int count, [CallerMemberName] string of = "")
    {
        var source = GivenSample is null ? new PCG((uint)System.Random.Shared.Next()) : PCG.Parse(GivenSample);
        Print(of, source.ToString());
        for (var i = 0; i < Cases(count); i++)
        {
            yield return values.Generate(source, null, out _);
        }
    }

    private static void Print(string of, string seed) => Console.WriteLine($"{of}: {Variable}={seed}");
}
