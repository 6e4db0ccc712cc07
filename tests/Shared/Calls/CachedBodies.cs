namespace FalServerless.Tests.Shared.Calls;

/// <summary>What cached functions of tests do; a file tells how often.</summary>
internal static class CachedBodies
{
    private static readonly Lock Writing = new();

    public static void Note(string path, string line = "made")
    {
        lock (Writing)
        {
            File.AppendAllText(path, line + "\n");
        }
    }

    /// <summary>So slowly that everyone who asks at once finds it in the making.</summary>
    public static object MakeSlowly(string path)
    {
        Note(path);
        using var never = new ManualResetEventSlim();
        never.Wait(TimeSpan.FromMilliseconds(200));
        return new object();
    }

    public static int FailAfter(string path, string go)
    {
        Note(path);
        Bodies.WaitFor(go);
        throw new FormatException("As the test wants it.");
    }

    public static async Task WaitAsync(string path)
    {
        while (!File.Exists(path))
        {
            await Task.Delay(1);
        }
    }
}

/// <summary>What a cached function keeps in a worker; it could not be sent.</summary>
internal class Kept(string path, string name) : IDisposable
{
    private static int _made;

    private readonly Stream _live = Stream.Null;

    /// <summary>Which one it is, of which process.</summary>
    public string Identity { get; } = $"{Environment.ProcessId} {Interlocked.Increment(ref _made)}";

    public bool IsLive => _live.CanRead;

    public void Dispose()
    {
        switch (name)
        {
            case "throws":
                throw new InvalidOperationException("It does not want to go.");
            case "hangs":
                CachedBodies.Note(path, "hangs");
                new ManualResetEventSlim().Wait();
                break;
        }

        CachedBodies.Note(path, name);
    }
}

internal sealed class KeptAsync(string path, string name) : IAsyncDisposable
{
    public string Name => name;

    public async ValueTask DisposeAsync()
    {
        await Task.Yield();
        CachedBodies.Note(path, name);
    }
}

/// <summary>An object that holds a cached function in a field, and one in an array.</summary>
internal sealed class Holder(CachedFunction<Kept> first, params CachedFunction<Kept>[] more)
{
    public static readonly CachedFunction<Kept> Shared = Cached.Create(() => new Kept("", "shared"));

    public string Identities() => string.Join(", ", more.Append(first).Select(cached => cached.Invoke().Identity).Distinct());
}
