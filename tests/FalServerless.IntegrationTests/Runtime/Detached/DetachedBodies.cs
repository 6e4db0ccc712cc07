using System.Runtime.CompilerServices;

namespace FalServerless.IntegrationTests.Runtime.Detached;

/// <summary>What detached calls run, and what they leave so that a test can count them.</summary>
internal static class DetachedBodies
{
    /// <summary>Notes in a folder that it runs; each run in a file of its own.</summary>
    public static void Note(string folder, string name) => File.WriteAllText(Path.Combine(folder, $"{name}-{Guid.NewGuid():n}"), "");

    public static int Runs(string folder, string name) => Directory.GetFiles(folder, $"{name}-*").Length;

    public static async Task<int> NoteAndReturnAsync(string folder, int number)
    {
        Note(folder, $"{number}");
        await Task.Delay(10);
        return number;
    }

    public static async Task<int> NoteAndWaitAsync(string folder, string name, CancellationToken cancellationToken)
    {
        Note(folder, name);
        Console.WriteLine(name);
        while (!File.Exists(Path.Combine(folder, "go")))
        {
            await Task.Delay(10, cancellationToken);
        }

        return 7;
    }

    /// <summary>Says nothing until it goes on.</summary>
    public static async Task<int> NoteWaitAndSayAsync(string folder, string name, CancellationToken cancellationToken)
    {
        Note(folder, name);
        while (!File.Exists(Path.Combine(folder, "go")))
        {
            await Task.Delay(10, cancellationToken);
        }

        Console.WriteLine("late");
        return 7;
    }

    /// <summary>Crashes its worker at its first run.</summary>
    public static int CrashOnce(string folder)
    {
        var runs = Runs(folder, "crash");
        Note(folder, "crash");
        Console.WriteLine($"run {runs + 1}");
        if (runs == 0)
        {
            Environment.Exit(3);
        }

        return runs;
    }

    public static async IAsyncEnumerable<int> CountAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var i = 0; i < count; i++)
        {
            yield return i;
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    public static void WriteLines(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Console.WriteLine($"line {i}");
        }
    }
}
