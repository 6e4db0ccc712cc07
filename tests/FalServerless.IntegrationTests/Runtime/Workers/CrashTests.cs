using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FalServerless.Hosts;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Workers;

public partial class CrashTests
{
    private const int Killed = 128 + 9;
    private const int Aborted = 128 + 6;
    private const int Faulted = 128 + 11;
    private const int Terminated = 128 + 15;

    // Far from null, where .NET would see a null reference, and an address that a process could have.
    private static readonly nint BadAddress = nint.MaxValue >> 19;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("exit", 3, WorkerCrashCause.Exit, "exited with code 3", "return a value")]
    [InlineData("exit zero", 0, WorkerCrashCause.Exit, "exited with code 0", "return a value")]
    [InlineData("native exit", 4, WorkerCrashCause.Exit, "exited with code 4", "return a value")]
    [InlineData("fail fast", Aborted, WorkerCrashCause.Abort, "the test's last words", "Environment.FailFast")]
    [InlineData("background thread", Aborted, WorkerCrashCause.Abort, "thrown on a thread of its own", "await it")]
    [InlineData("async void", Aborted, WorkerCrashCause.Abort, "thrown where nobody awaits", "async void")]
    [InlineData("abort", Aborted, WorkerCrashCause.Abort, "SIGABRT", "abort in native code")]
    [InlineData("stack overflow", Aborted, WorkerCrashCause.StackOverflow, "Stack overflow", "A recursion is too deep")]
    [InlineData("native fault", Faulted, WorkerCrashCause.NativeFault, "SIGSEGV", "Native code, or unsafe code")]
    [InlineData("bad address", Aborted, WorkerCrashCause.NativeFault, "AccessViolationException", "Native code, or unsafe code")]
    [InlineData("kill", Killed, WorkerCrashCause.Killed, "SIGKILL", "Somebody outside killed it")]
    [InlineData("terminate", Terminated, WorkerCrashCause.Killed, "SIGTERM", "Somebody outside killed it")]
    public async Task ACrashIsReportedWithItsCauseAndTheNextCallWorks(
        string way,
        int exitCode,
        WorkerCrashCause cause,
        string words,
        string hint
    )
    {
        // A pool of this test's own.
        var crash = Isolated.Create(
            (string how) => SayAndCrash(how),
            new()
            {
                MachineType = "S",
                MaxWorkers = 120 + way.Length + exitCode,
                OnLog = _ => { },
            }
        );

        var error = await Assert.ThrowsAsync<WorkerCrashedException>(() => crash.InvokeAsync(way, Token));

        Assert.Equal((exitCode, cause), (error.ExitCode, error.Cause));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
        Assert.Contains("machine type 'S'", error.Message, StringComparison.Ordinal);
        Assert.Equal([.. Enumerable.Range(3, 10).Select(line => $"line {line}")], error.LastLines.Take(10));
        Assert.All(error.LastLines, line => Assert.InRange(line.Length, 0, 501));
        Assert.Equal(0, await crash.InvokeAsync("not at all", Token));
    }

    [Fact]
    public async Task EveryCallOfACrashedWorkerHearsOfIt()
    {
        using var folder = new TemporaryFolder();
        var go = folder.File("go");
        var options = new IsolatedOptions
        {
            MachineType = "S",
            MaxWorkers = 1,
            CallsPerWorker = 2,
        };
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = Isolated
            .Create(() => Bodies.SayAndBlock("started"), options with { OnLog = _ => started.TrySetResult() })
            .InvokeAsync(Token);
        await started.Task.WaitAsync(Eventually.Limit, Token);

        var error = await Assert.ThrowsAsync<WorkerCrashedException>(() =>
            Isolated.Create(() => Crash("kill"), options).InvokeAsync(Token)
        );
        var neighbour = await Assert.ThrowsAsync<WorkerCrashedException>(() => waiting);

        Assert.Equal((WorkerCrashCause.Killed, Killed), (error.Cause, error.ExitCode));
        Assert.Equal((WorkerCrashCause.Killed, Killed), (neighbour.Cause, neighbour.ExitCode));
        Assert.Equal(["started"], neighbour.LastLines);
        Assert.Empty(error.LastLines);
    }

    [Fact]
    public async Task MemoryThatIsOutIsExplainedWhereDotNetThrewIt()
    {
        var allocate = Isolated.Create((int size) => new byte[size].Length, new() { MachineType = "XS", MaxWorkers = 113 });

        var error = await Assert.ThrowsAsync<OutOfMemoryException>(() => allocate.InvokeAsync(400 << 20, Token));
        var own = await Assert.ThrowsAsync<OutOfMemoryException>(() =>
            Isolated.Create(() => ThrowOutOfMemory(), new() { MachineType = "XS", MaxWorkers = 113 }).InvokeAsync(Token)
        );

        Assert.Contains("the machine type 'XS' has 256 MB. Try machineType: \"S\"", error.Message, StringComparison.Ordinal);
        Assert.Equal("the body's own words", own.Message);
        Assert.Equal(100, await allocate.InvokeAsync(100, Token));
    }

    [Fact]
    public async Task AWorkerThatLeavesItsConnectionIsEndedAndSaidSo()
    {
        var error = await Assert.ThrowsAsync<WorkerCrashedException>(() =>
            Isolated.Create(() => CloseConnection(), new() { MachineType = "S", MaxWorkers = 114 }).InvokeAsync(Token)
        );

        Assert.Equal(WorkerCrashCause.Unknown, error.Cause);
        Assert.Contains("left its connection", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherCallsGoOnWhileAWorkerCrashes()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("crashed");
        var started = new TaskCompletionSource();
        var options = new IsolatedOptions { MachineType = "S", MaxWorkers = 111 };
        var other = Isolated
            .Create(() => Bodies.SayAndWaitFor("started", file), options with { OnLog = _ => started.SetResult() })
            .InvokeAsync(Token);
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
            ProcessTable.Kill(id);
            await Eventually.TrueAsync(() => !Directory.Exists($"/proc/{id}"), () => $"{id} lives");
            Assert.NotEqual(id, await process.InvokeAsync(Token));
        }
    }

    [Fact]
    public async Task ARuntimeThatIsKilledDuringACallIsReportedAndReplacedAndItsWorkersEnd()
    {
        using var host = new LocalHost();
        var worker = new TaskCompletionSource<int>();
        var call = Isolated
            .Create(() => SayProcessAndBlock(), new() { Host = host, OnLog = entry => worker.TrySetResult(int.Parse(entry.Message)) })
            .InvokeAsync(Token);
        var workerId = await worker.Task.WaitAsync(Eventually.Limit, Token);
        var runtime = await host.RuntimeAsync();
        ProcessTable.Kill(runtime.ProcessId);

        var error = await Assert.ThrowsAsync<HostUnreachableException>(() => call.WaitAsync(TimeSpan.FromSeconds(10), Token));

        Assert.Contains($"process {runtime.ProcessId}", error.Message);
        await Eventually.TrueAsync(
            () => !ProcessTable.IsAlive(workerId),
            TimeSpan.FromSeconds(5),
            () => $"worker {workerId} is still there."
        );
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

        Assert.False(ProcessTable.IsAlive(runtime));
        await Eventually.TrueAsync(() => !ProcessTable.IsAlive(worker), TimeSpan.FromSeconds(5), () => $"worker {worker} is still there.");
        await Assert.ThrowsAsync<ObjectDisposedException>(() => function.InvokeAsync(Token));
    }

    private static int ThrowOutOfMemory() => throw new OutOfMemoryException("the body's own words");

    private static int SayAndCrash(string way)
    {
        Bodies.WriteLines(0, 13);
        return Crash(way);
    }

    private static int CloseConnection()
    {
        // The first that it opened is the one for calls.
        var sockets = Directory
            .GetFiles("/proc/self/fd")
            .Where(file =>
                File.ResolveLinkTarget(file, returnFinalTarget: false)?.Name.StartsWith("socket:", StringComparison.Ordinal) == true
            );
        _ = ShutDown(sockets.Min(file => int.Parse(Path.GetFileName(file))), 2);
        using var never = new ManualResetEventSlim();
        never.Wait();
        return 1;
    }

    private static async void ThrowWhereNobodyAwaits()
    {
        await Task.Yield();
        throw new InvalidOperationException("thrown where nobody awaits");
    }

    private static unsafe void WriteUnsafely() => *(byte*)BadAddress = 1;

    [LibraryImport("libc", EntryPoint = "exit")]
    private static partial void NativeExit(int code);

    [LibraryImport("libc", EntryPoint = "abort")]
    private static partial void Abort();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);

    [LibraryImport("libc", EntryPoint = "memset")]
    private static partial nint Fill(nint address, int value, nint count);

    [LibraryImport("libc", EntryPoint = "shutdown")]
    private static partial int ShutDown(int socket, int how);

    private static int Crash(string way)
    {
        switch (way)
        {
            case "native exit":
                NativeExit(4);
                break;
            case "async void":
                ThrowWhereNobodyAwaits();
                break;
            case "abort":
                Abort();
                break;
            case "native fault":
                _ = Fill(BadAddress, 1, 8);
                break;
            case "bad address":
                WriteUnsafely();
                break;
            case "terminate":
                _ = Signal(Environment.ProcessId, 15);
                break;
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
