using System.Diagnostics;
using System.Runtime.CompilerServices;
using FalServerless.Hosts;

namespace FalServerless.Tests.Runtime.Workers;

public class CrashTests
{
    private const int Killed = 128 + 9;
    private const int Aborted = 128 + 6;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("exit", 3, "exited with code 3")]
    [InlineData("fail fast", Aborted, "the test's last words")]
    [InlineData("stack overflow", Aborted, "Stack overflow")]
    [InlineData("background thread", Aborted, "thrown on a thread of its own")]
    [InlineData("kill", Killed, "SIGKILL")]
    [InlineData("exit zero", 0, "exited with code 0")]
    public async Task ACrashIsReportedWithItsCauseAndTheNextCallWorks(string way, int exitCode, string words)
    {
        // A pool of this test's own.
        var crash = Isolated.Create((string how) => Crash(how), new() { MachineType = "S", MaxWorkers = 100 + way.Length, OnLog = _ => { } });

        var error = await Assert.ThrowsAsync<WorkerCrashedException>(() => crash.InvokeAsync(way, Token));

        Assert.Equal(exitCode, error.ExitCode);
        Assert.Contains(words, error.Message);
        Assert.Contains("machine type 'S'", error.Message);
        Assert.Equal(0, await crash.InvokeAsync("not at all", Token));
    }

    [Fact]
    public async Task OtherCallsGoOnWhileAWorkerCrashes()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("crashed");
        var started = new TaskCompletionSource();
        var options = new IsolatedOptions { MachineType = "S", MaxWorkers = 111 };
        var other = Isolated.Create(() => Bodies.SayAndWaitFor("started", file), options with { OnLog = _ => started.SetResult() }).InvokeAsync(Token);
        await started.Task.WaitAsync(Eventually.Limit, Token);

        await Assert.ThrowsAsync<WorkerCrashedException>(() => Isolated.Create(() => Crash("kill"), options).InvokeAsync(Token));
        File.WriteAllText(file, "");

        Assert.True(await other);
    }

    [Fact]
    public async Task AWorkerThatIsKilledWhileIdleIsReplacedUnnoticed()
    {
        var process = Isolated.Create(() => Environment.ProcessId, new() { MachineType = "S", MaxWorkers = 112 });
        for (var i = 0; i < 5; i++)
        {
            var id = await process.InvokeAsync(Token);
            using (var worker = Process.GetProcessById(id))
            {
                worker.Kill();
            }

            await Eventually.TrueAsync(() => !Directory.Exists($"/proc/{id}"), () => $"{id} lives");
            Assert.NotEqual(id, await process.InvokeAsync(Token));
        }
    }

    [Fact]
    public async Task ARuntimeThatIsKilledDuringACallIsReportedAndReplacedAndItsWorkersEnd()
    {
        using var host = new LocalHost();
        var worker = new TaskCompletionSource<int>();
        var call = Isolated.Create(() => SayProcessAndBlock(), new() { Host = host, OnLog = entry => worker.TrySetResult(int.Parse(entry.Message)) }).InvokeAsync(Token);
        var workerId = await worker.Task.WaitAsync(Eventually.Limit, Token);
        var runtime = await host.RuntimeAsync();
        using (var process = Process.GetProcessById(runtime.ProcessId))
        {
            process.Kill();
        }

        var error = await Assert.ThrowsAsync<HostUnreachableException>(() => call.WaitAsync(TimeSpan.FromSeconds(10), Token));

        Assert.Contains($"process {runtime.ProcessId}", error.Message);
        await Eventually.TrueAsync(() => !Processes.IsAlive(workerId), TimeSpan.FromSeconds(5), () => $"worker {workerId} is still there.");
        Assert.Equal(2, await Isolated.Create(() => 2, new() { Host = host }).InvokeAsync(Token));
        Assert.NotEqual(runtime.ProcessId, (await host.RuntimeAsync()).ProcessId);
    }

    [Fact]
    public async Task AHostThatIsDisposedEndsItsRuntimeAndServesNoMore()
    {
        var host = new LocalHost();
        var function = Isolated.Create(() => Environment.ProcessId, new() { Host = host });
        var worker = await function.InvokeAsync(Token);
        var runtime = (await host.RuntimeAsync()).ProcessId;

        host.Dispose();

        Assert.False(Processes.IsAlive(runtime));
        await Eventually.TrueAsync(() => !Processes.IsAlive(worker), TimeSpan.FromSeconds(5), () => $"worker {worker} is still there.");
        await Assert.ThrowsAsync<ObjectDisposedException>(() => function.InvokeAsync(Token));
    }

    private static int Crash(string way)
    {
        switch (way)
        {
            case "exit":
                Environment.Exit(3);
                break;
            case "exit zero":
                Environment.Exit(0);
                break;
            case "fail fast":
                Environment.FailFast("the test's last words");
                break;
            case "stack overflow":
                return Overflow(1);
            case "background thread":
                var thread = new Thread(() => throw new InvalidOperationException("thrown on a thread of its own"));
                thread.Start();
                thread.Join();
                break;
            case "kill":
                Process.GetCurrentProcess().Kill();
                break;
            default:
                return 0;
        }

        using var never = new ManualResetEventSlim();
        never.Wait();
        return 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Overflow(int depth) => depth + Overflow(depth + 1) + Overflow(depth - 1);

    private static void SayProcessAndBlock() => Bodies.SayAndBlock($"{Environment.ProcessId}");
}
