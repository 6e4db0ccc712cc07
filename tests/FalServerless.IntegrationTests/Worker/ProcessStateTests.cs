using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Worker;

/// <summary>What one call changes of its process is as it was for the next.</summary>
public class ProcessStateTests
{
    private static readonly IsolatedOptions Kept = new() { KeepAlive = TimeSpan.FromMinutes(1), MaxWorkers = 1 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TheNextCallOnTheWorkerFindsAllAsItWas()
    {
        var look = Isolated.Create(() => Look(), Kept);
        var change = Isolated.Create(() => Change(), Kept);
        var before = await look.InvokeAsync(Token);

        var changed = await change.InvokeAsync(Token);
        var after = await look.InvokeAsync(Token);

        Assert.Equal(before[0], changed[0]);
        Assert.All(before.Zip(changed).Skip(1), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task AReplacedConsoleTakesTheLinesOfItsCallAndNoOthers()
    {
        var lines = new List<string>();
        var options = new IsolatedOptions
        {
            KeepAlive = TimeSpan.FromMinutes(1),
            MaxWorkers = 1,
            OnLog = entry => lines.Add(entry.Message),
        };

        Assert.Equal(
            "taken\n",
            await Isolated.Create(() => Replace()).On(onLog: options.OnLog, keepAlive: options.KeepAlive, maxWorkers: 1).InvokeAsync(Token)
        );
        await Isolated.Create(() => Console.WriteLine("said"), options).InvokeAsync(Token);

        Assert.Equal(["said"], lines);
    }

    [Fact]
    public async Task ACallThatThrowsLeavesNothingEither()
    {
        var fail = Isolated.Create(() => Fail(), Kept);

        await Assert.ThrowsAsync<InvalidDataException>(() => fail.InvokeAsync(Token));

        Assert.Null(await Isolated.Create(() => Environment.GetEnvironmentVariable("LEFT_BEHIND"), Kept).InvokeAsync(Token));
    }

    [Fact]
    public async Task CallsThatOverlapShareTheProcessUntilTheLastHasEnded()
    {
        var options = Kept with { CallsPerWorker = 2 };
        var wait = Isolated.Create(async ctx => await Task.Delay(Timeout.Infinite, ctx.CancellationToken), options);
        using var end = new CancellationTokenSource();
        var long1 = wait.InvokeAsync(end.Token);
        var set = Isolated.Create(() => Environment.SetEnvironmentVariable("LEFT_BEHIND", "yes"), options);
        var get = Isolated.Create(() => Environment.GetEnvironmentVariable("LEFT_BEHIND"), options);

        await set.InvokeAsync(Token);
        var meanwhile = await get.InvokeAsync(Token);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => long1);

        await Eventually.TrueAsync(() => get.Invoke() is null, () => "The variable is still there.");
        Assert.Contains(meanwhile, new[] { null, "yes" });
    }

    private static string Replace()
    {
        var text = new StringWriter { NewLine = "\n" };
        Console.SetOut(text);
        Console.WriteLine("taken");
        return text.ToString();
    }

    private static void Fail()
    {
        Environment.SetEnvironmentVariable("LEFT_BEHIND", "yes");
        throw new InvalidDataException("Broken.");
    }

    private static string?[] Change()
    {
        Environment.CurrentDirectory = "/";
        Environment.SetEnvironmentVariable("LEFT_BEHIND", "yes");
        Environment.SetEnvironmentVariable("PATH", "/nowhere");
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.GetCultureInfo("sv-SE");
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.GetCultureInfo("sv-SE");
        ThreadPool.SetMinThreads(9, 9);
        ThreadPool.SetMaxThreads(99, 99);
        Console.SetOut(TextWriter.Null);
        Console.SetError(TextWriter.Null);
        Console.SetIn(new StringReader("x"));
        Trace.Listeners.Clear();
        GCSettings.LatencyMode = GCLatencyMode.LowLatency;
        Environment.ExitCode = 9;
        Thread.CurrentThread.Priority = ThreadPriority.AboveNormal;
        return Look();
    }

    private static string?[] Look()
    {
        ThreadPool.GetMinThreads(out var least, out _);
        ThreadPool.GetMaxThreads(out var most, out _);
        return
        [
            $"{Environment.ProcessId}",
            Environment.CurrentDirectory,
            Environment.GetEnvironmentVariable("LEFT_BEHIND"),
            Environment.GetEnvironmentVariable("PATH"),
            $"{CultureInfo.DefaultThreadCurrentCulture}",
            $"{CultureInfo.DefaultThreadCurrentUICulture}",
            $"{least}",
            $"{most}",
            $"{Console.Out == TextWriter.Null}",
            $"{Console.Error == TextWriter.Null}",
            $"{Console.In.Peek()}",
            $"{Trace.Listeners.Count}",
            $"{GCSettings.LatencyMode}",
            $"{Environment.ExitCode}",
            $"{Thread.CurrentThread.Priority}",
        ];
    }
}
