namespace FalServerless.Tests.Shared.Randomness;

/// <summary>Random values with a seed that the test prints, so that a failure can be run again.</summary>
internal static class Printed
{
    /// <summary>A generator whose seed comes from <c>FAL_TEST_SEED</c> or else from chance, and stands in the test's output.</summary>
    public static Random Random(string of)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FAL_TEST_SEED"), out var given) ? given : System.Random.Shared.Next();
        Console.WriteLine($"{of}: FAL_TEST_SEED={seed}");
        return new Random(seed);
    }
}
