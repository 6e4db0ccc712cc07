namespace FalServerless.Tests;

/// <summary>What test functions call in their worker.</summary>
internal static class Bodies
{
    /// <summary>Writes a line and never returns.</summary>
    public static void SayAndBlock(string line)
    {
        Console.WriteLine(line);
        using var never = new ManualResetEventSlim();
        never.Wait();
    }
}
