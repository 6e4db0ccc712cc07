using System.Diagnostics;
using System.Runtime.InteropServices;
using FalServerless.Hosts;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Workers.Processes.ResourceLimits;

/// <summary>What a worker may use: that of its machine type, and no more.</summary>
public class MachineTypesTests
{
    private const long Megabyte = 1L << 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AWorkerHasTheLimitsOfItsMachineTypeFromItsClaimOn()
    {
        Cgroups.Need();
        using var host = new LocalHost();
        var worker = await Isolated.Create(() => Environment.ProcessId, new() { Host = host }).InvokeAsync(Token);
        var (cpu, memory) = (Cgroups.GroupOf(worker, "cpu"), Cgroups.GroupOf(worker, "memory"));

        Assert.Equal("25000", Cgroups.Read(cpu, "cpu.cfs_quota_us"));
        Assert.Equal("100000", Cgroups.Read(cpu, "cpu.cfs_period_us"));
        Assert.Equal($"{256 * Megabyte}", Cgroups.Read(memory, "memory.limit_in_bytes"));
    }

    [Fact]
    public async Task AWorkerThatWaitsForItsFirstCallIsNotThrottled()
    {
        Cgroups.Need();
        using var host = new LocalHost();
        var runtime = (await host.RuntimeAsync()).ProcessId;

        await Eventually.TrueAsync(
            () =>
                ProcessTable.ChildrenOf(runtime) is [var worker]
                && Cgroups.GroupOf(worker, "cpu").Contains($"-{runtime}-", StringComparison.Ordinal),
            () => "no worker waits in a group of its own."
        );

        var worker = ProcessTable.ChildrenOf(runtime)[0];
        Assert.Equal("-1", Cgroups.Read(Cgroups.GroupOf(worker, "cpu"), "cpu.cfs_quota_us"));
        Assert.True(long.Parse(Cgroups.Read(Cgroups.GroupOf(worker, "memory"), "memory.limit_in_bytes")) > 1L << 50);
    }

    [Fact]
    public async Task AWorkerThatDisposesOfWhatItKeepsAsItsHostEndsIsNotThrottled()
    {
        Cgroups.Need();
        using var folder = new TemporaryFolder();
        var path = folder.File("quota");
        using var host = new LocalHost();
        var kept = Cached.Create(() => new NotesItsQuota(path));
        var quota = await Isolated.Create(() => kept.Invoke().Quota, new() { Host = host }).InvokeAsync(Token);

        host.Dispose();

        Assert.Equal("25000", quota);
        Assert.Equal(["-1"], await File.ReadAllLinesAsync(path, Token));
    }

    [Fact]
    public async Task WhatTheHostDoesNotHaveIsNoLimit()
    {
        Cgroups.Need();
        using var host = Cgroups.Host(("FAL_CPUS", "0.25"), ("FAL_MEMORY", "200MB"));
        var worker = await Isolated.Create(() => Environment.ProcessId, new() { Host = host }).InvokeAsync(Token);

        Assert.Equal("-1", Cgroups.Read(Cgroups.GroupOf(worker, "cpu"), "cpu.cfs_quota_us"));
        Assert.True(long.Parse(Cgroups.Read(Cgroups.GroupOf(worker, "memory"), "memory.limit_in_bytes")) > 1L << 50);
    }

    [Theory]
    [InlineData("XS", 0.05, 0.35)]
    [InlineData("S", 0.1, 0.65)]
    public async Task ABusyWorkerGetsItsShareOfTheProcessorsOrWhatOthersLeaveOfIt(string machineType, double least, double most)
    {
        Cgroups.Need();
        using var host = new LocalHost();
        var busy = Isolated.Create((double seconds) => Share(seconds), new() { Host = host, MachineType = machineType });
        await busy.InvokeAsync(0.01, Token);

        Assert.InRange(await busy.InvokeAsync(2, Token), least, most);
    }

    [Fact]
    public async Task ABodyThatTakesTooMuchManagedMemoryGetsAnExceptionAndTheNextCallWorks()
    {
        using var host = new LocalHost();
        var take = Isolated.Create((int megabytes) => TakeManaged(megabytes), new() { Host = host });

        await Assert.ThrowsAsync<OutOfMemoryException>(() => take.InvokeAsync(400, Token));

        Assert.Equal(1, await take.InvokeAsync(1, Token));
    }

    [Theory]
    [InlineData("on")]
    [InlineData("off")]
    public async Task WithoutControlGroupsTheHeapAndTheProcessorsAreLimitedAllTheSame(string cgroups)
    {
        using var host = Cgroups.Host(("FAL_CGROUPS", cgroups));
        var facts = Isolated.Create(
            () => new[] { GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, Environment.ProcessorCount, Environment.ProcessId },
            new() { Host = host }
        );
        var runtime = (await host.RuntimeAsync()).ProcessId;

        var found = await facts.InvokeAsync(Token);

        Assert.Equal(192 * Megabyte, found[0]);
        Assert.Equal(1, found[1]);
        await Assert.ThrowsAsync<OutOfMemoryException>(() =>
            Isolated.Create(() => TakeManaged(400), new() { Host = host }).InvokeAsync(Token)
        );
        if (cgroups == "off")
        {
            Assert.Empty(Cgroups.Of(runtime));
            Assert.Equal(Cgroups.GroupOf(Environment.ProcessId, "cpu"), Cgroups.GroupOf((int)found[2], "cpu"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ABodyThatTakesTooMuchMemoryIsEndedWithItAndOtherCallsGoOn(bool inAChild)
    {
        Cgroups.Need();
        using var host = new LocalHost();
        using var folder = new TemporaryFolder();
        var file = folder.File("taken");
        var started = new TaskCompletionSource();
        var other = Isolated
            .Create(() => Bodies.SayAndWaitFor("started", file), new() { Host = host, OnLog = _ => started.TrySetResult() })
            .InvokeAsync(Token);
        await started.Task.WaitAsync(Eventually.Limit, Token);
        var most = 0;
        var take = Isolated.Create(
            (int megabytes) => TakeNative(megabytes),
            new() { Host = host, OnLog = line => most = int.Parse(line.Message) }
        );

        if (inAChild)
        {
            // The kernel kills one process: the largest.
            Assert.Equal(128 + 9, await Isolated.Create(() => TakeInAChild(), new() { Host = host }).InvokeAsync(Token));
        }
        else
        {
            var error = await Assert.ThrowsAsync<WorkerCrashedException>(() => take.InvokeAsync(400, Token));
            Assert.Equal(128 + 9, error.ExitCode);
            Assert.InRange(most, 150, 256);
        }

        File.WriteAllText(file, "");
        Assert.True(await other);
        Assert.Equal(8, await take.InvokeAsync(8, Token));
    }

    [Fact]
    public async Task AWorkerWithoutAGpuSeesNone()
    {
        Assert.Equal(
            "-1 none",
            await Isolated
                .Create(() =>
                    Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES")
                    + " "
                    + Environment.GetEnvironmentVariable("NVIDIA_VISIBLE_DEVICES")
                )
                .InvokeAsync(Token)
        );
    }

    private static double Share(double seconds)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            Thread.SpinWait(100);
        }

        process.Refresh();
        return (process.TotalProcessorTime - before) / watch.Elapsed;
    }

    private static int TakeManaged(int megabytes)
    {
        var taken = new List<byte[]>();
        for (var i = 0; i < megabytes; i++)
        {
            taken.Add(new byte[Megabyte]);
        }

        return taken.Count;
    }

    private static unsafe int TakeNative(int megabytes)
    {
        for (var taken = 8; taken <= megabytes; taken += 8)
        {
            NativeMemory.Fill(NativeMemory.Alloc(8 * (nuint)Megabyte), 8 * (nuint)Megabyte, 1);
            Console.WriteLine(taken);
        }

        return megabytes;
    }

    // Keeps what a shell doubles in a variable; should nobody end it, it gives up before it takes the machine's memory.
    private static int TakeInAChild()
    {
        using var shell = Process.Start("/bin/sh", ["-c", "ulimit -v 2000000; x=0123456789abcdef; while :; do x=$x$x; done"]);
        shell.WaitForExit();
        return shell.ExitCode;
    }

    private sealed class NotesItsQuota(string path) : IDisposable
    {
        public string Quota => Cgroups.Read(Cgroups.GroupOf(Environment.ProcessId, "cpu"), "cpu.cfs_quota_us");

        public void Dispose() => CachedBodies.Note(path, Quota);
    }
}
