using System.Runtime.CompilerServices;
using CsCheck;

namespace FalServerless.Tests.Shared.Randomness;

/// <summary>Random values with a seed that the test prints, so that a failure can be run again.</summary>
internal static class Printed
{
    private const string Variable = "FAL_TEST_SEED";
    private const int ShortestSampleSeed = 12;

    private static readonly string? Given = Environment.GetEnvironmentVariable(Variable);

    // A seed of CsCheck is longer than any number that is one of Random.
    private static readonly string? GivenSample = Given?.Length >= ShortestSampleSeed ? Given : null;

    /// <summary>A generator whose seed comes from <c>FAL_TEST_SEED</c> or else from chance, and stands in the test's output.</summary>
    public static Random Random(string of)
    {
        var seed = int.TryParse(Given, out var given) ? given : System.Random.Shared.Next();
        Print(of, $"{seed}");
        return new Random(seed);
    }

    /// <summary>
    /// Tests values one after the other. What fails is shrunk: the error has the smallest value that was found to fail, and its seed.
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

    /// <summary>Values for a test in which each case builds on those before it, or all are one case; they are not shrunk.</summary>
    public static IEnumerable<T> Take<T>(this Gen<T> values, int count, [CallerMemberName] string of = "")
    {
        var source = GivenSample is null ? new PCG((uint)System.Random.Shared.Next()) : PCG.Parse(GivenSample);
        Print(of, source.ToString());
        for (var i = 0; i < count; i++)
        {
            yield return values.Generate(source, null, out _);
        }
    }

    private static void Print(string of, string seed) => Console.WriteLine($"{of}: {Variable}={seed}");
}
