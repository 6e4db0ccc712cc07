using FalServerless.Tests.Shared.Time;

namespace FalServerless.Tests.Shared.Calls;

/// <summary>What test functions call in their worker.</summary>
internal static class Bodies
{
    private static int _calls;

    /// <summary>Writes a line and never returns.</summary>
    public static void SayAndBlock(string line)
    {
        Console.WriteLine(line);
        using var never = new ManualResetEventSlim();
        never.Wait();
    }

    public static void SayTwice(string line)
    {
        Console.WriteLine(line);
        Console.WriteLine(line);
    }

    public static int Increment(int value) => value + 1;

    public static int Grow(ref int count, List<int> numbers)
    {
        count++;
        numbers.Add(count);
        return count + numbers.Count;
    }

    /// <summary>Which process this is, and how many calls of this it has seen.</summary>
    public static Counted CountCalls() => new(Environment.ProcessId, ++_calls);

    /// <summary>Writes a line, then waits until somebody has made the file.</summary>
    public static bool SayAndWaitFor(string line, string path)
    {
        Console.WriteLine(line);
        return WaitFor(path);
    }

    public static bool WaitFor(string path)
    {
        return SpinWait.SpinUntil(() => File.Exists(path), Eventually.Limit);
    }

    public static void WriteLines(int from, int count)
    {
        for (var i = from; i < from + count; i++)
        {
            Console.WriteLine($"line {i}");
        }
    }

    internal sealed record Counted(int Process, int Calls);
}
