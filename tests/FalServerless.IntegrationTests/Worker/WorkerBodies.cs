using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace FalServerless.IntegrationTests.Worker;

/// <summary>Bodies that wait, stream, and write in every way.</summary>
internal static class WorkerBodies
{
    private static readonly AsyncLocal<string?> Left = new();
    private static readonly ManualResetEventSlim Gate = new();

    public static async Task<int> TaskOf(int value)
    {
        await Task.Yield();
        return value;
    }

    public static async ValueTask<string> ValueTaskOf(string value)
    {
        await Task.Delay(1);
        return value;
    }

    public static async Task Nothing() => await Task.Yield();

    public static async Task<int> ThrowLater()
    {
        await Task.Yield();
        throw new InvalidOperationException("later", new FormatException("inner"));
    }

    public static async Task<int> WriteThen(int lines)
    {
        for (var i = 0; i < lines; i++)
        {
            Console.WriteLine($"line {i}");
            if (i % 10 == 0)
            {
                await Task.Yield();
            }
        }

        Console.Write("unfinished");
        return lines;
    }

    /// <summary>Writes lines and at every tenth an item.</summary>
    public static async IAsyncEnumerable<int> ItemsAndLines(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Console.WriteLine($"line {i}");
            if (i % 100 == 50)
            {
                await Task.Yield();
            }

            yield return i;
        }
    }

    public static async IAsyncEnumerable<int> Numbers(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return i;
        }

        await Task.CompletedTask;
    }

    public static async IAsyncEnumerable<int> ThrowAfter(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return i;
        }

        await Task.CompletedTask;
        throw new InvalidOperationException("after the items");
    }

    public static async Task<IAsyncEnumerable<int>> NumbersLater(int count)
    {
        await Task.Yield();
        return Numbers(count);
    }

    public static async IAsyncEnumerable<byte[]> Blocks(int count, int size)
    {
        for (var i = 0; i < count; i++)
        {
            var block = new byte[size];
            block.AsSpan().Fill((byte)i);
            yield return block;
        }

        await Task.CompletedTask;
    }

    /// <summary>Gives an item, then blocks its thread for good.</summary>
    public static async IAsyncEnumerable<int> OneAndBlock()
    {
        yield return 1;
        Gate.Wait();
        await Task.CompletedTask;
    }

    /// <summary>Never ends by itself; leaves a file when it is told to end.</summary>
    public static async IAsyncEnumerable<int> Endless(string ended, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                yield return i;
                if (i % 1000 == 0)
                {
                    await Task.Yield();
                }
            }
        }
        finally
        {
            File.WriteAllText(ended, cancellationToken.IsCancellationRequested ? "cancelled" : "");
        }
    }

    public static IAsyncEnumerable<int> EndlessOf(string ended) => Endless(ended);

    public static async Task<int> WaitForCancel(string seen)
    {
        var token = IsolatedContext.Current!.CancellationToken;

        // It stays registered: the delay's end may come before it, and would take it back.
        token.Register(() => File.WriteAllText(seen, "callback"));
        Console.WriteLine("waiting");
        await Task.Delay(Timeout.Infinite, token);
        return 0;
    }

    /// <summary>Ends by itself once it has seen that its call is cancelled.</summary>
    public static async Task<string> EndWhenCancelled()
    {
        Console.WriteLine("waiting");
        while (!IsolatedContext.Current!.CancellationToken.IsCancellationRequested)
        {
            await Task.Delay(1);
        }

        return "ended as it liked";
    }

    public static void BlockUntilCancelled()
    {
        Console.WriteLine("waiting");
        IsolatedContext.Current!.CancellationToken.WaitHandle.WaitOne();
        IsolatedContext.Current!.CancellationToken.ThrowIfCancellationRequested();
    }

    public static int WriteWithoutEnd()
    {
        while (!IsolatedContext.Current!.CancellationToken.IsCancellationRequested)
        {
            Console.WriteLine(new string('x', 1000));
        }

        return 1;
    }

    /// <summary>What an earlier call left on this thread, in every way that flows.</summary>
    public static string? LeaveBehind(string mine)
    {
        var found = $"{Left.Value} {CultureInfo.CurrentCulture.Name} {SynchronizationContext.Current?.GetType().Name}";
        Left.Value = mine;
        CultureInfo.CurrentCulture = new CultureInfo("fr-FR");
        SynchronizationContext.SetSynchronizationContext(new());
        return found;
    }

    public static string Describe()
    {
        var context = IsolatedContext.Current!;
        return $"{context.InvocationId:n} {context.MachineType.Name} {context.DataPath} {context.CancellationToken.CanBeCanceled}";
    }

    public static async Task<bool> KeepsContext()
    {
        var before = IsolatedContext.Current;
        await Task.Yield();
        var inTask = await Task.Run(() => IsolatedContext.Current);
        return before is not null && before == inTask && before == IsolatedContext.Current;
    }

    public static bool HasContextOutside() =>
        new Func<bool>(() =>
        {
            using (ExecutionContext.SuppressFlow())
            {
                return Task.Run(() => IsolatedContext.Current is not null).GetAwaiter().GetResult();
            }
        })();

    /// <summary>Writes in every way, together with another call that does the same.</summary>
    public static async Task WriteEveryWay(string name, string mine, string other)
    {
        File.WriteAllText(mine, "");
        while (!File.Exists(other))
        {
            await Task.Delay(1);
        }

        for (var i = 0; i < 100; i++)
        {
            Console.WriteLine($"{name} console {i}");
            Trace.WriteLine($"{name} trace {i}");
            IsolatedContext.Current!.Logger.LogInformation("{Name} logger {Index}", name, i);
            await Task.Yield();
            await Task.Run(() => Console.Error.WriteLine($"{name} task {i}"));
        }
    }

    public static void WriteLevels()
    {
        var logger = IsolatedContext.Current!.Logger;
        using (logger.BeginScope("scope {Id}", 7))
        {
            logger.LogTrace("trace");
            logger.LogDebug("debug");
            logger.LogInformation("info {Number} {Text}", 42, "text");
            logger.LogWarning("warning");
            logger.LogError(new InvalidOperationException("broken"), "error");
            logger.LogCritical("critical");
        }
    }

    public static void TraceLevels()
    {
        Trace.Write("half ");
        Trace.WriteLine("written");
        Trace.TraceInformation("information {0}", 1);
        Trace.TraceWarning("warning");
        Trace.TraceError("error");
        Trace.Assert(false, "must not be");
        Trace.WriteLine("category", "text");
    }

    public static void WriteNative(string text)
    {
        _ = Print(text);
    }

    public static int WriteAndFlush(int count, bool flush)
    {
        for (var i = 0; i < count; i++)
        {
            Console.WriteLine($"line {i}");
            if (flush)
            {
                Console.Out.Flush();
            }
        }

        return count;
    }

    public static string Long(int length) => new('x', length);

    public static int WriteLong(int length)
    {
        Console.WriteLine(new string('é', length));
        return 1;
    }

    public static int LengthOf(byte[] bytes) => bytes.Length;

    public static int FailWith(int length) => throw new InvalidOperationException(new string('m', length));

    [DllImport("libc", EntryPoint = "printf", CharSet = CharSet.Ansi)]
    private static extern int Print(string text);
}
