using System.Diagnostics;
using FalServerless.Hosts;
using FalServerless.Runtime.Workers.Processes.ResourceLimits;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Randomness;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Workers.Processes.ResourceLimits;

/// <summary>When control groups come and go.</summary>
public class CgroupLifetimeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AWorkerTakesItsGroupsAndWhatItStartedAlong()
    {
        Cgroups.Need();
        using var host = new LocalHost();
        var once = new IsolatedOptions { Host = host, KeepAlive = TimeSpan.Zero };

        // A child of its own session, whose parent does not wait for it.
        var child = await Isolated.Create(() => StartSleeper(), once).InvokeAsync(Token);

        var runtime = (await host.RuntimeAsync()).ProcessId;
        await Eventually.TrueAsync(() => !ProcessTable.IsAlive(child), () => $"the child {child} lives.");
        await Eventually.TrueAsync(
            () => Cgroups.WorkersOf(runtime).All(Cgroups.IsInUseOrGone),
            () => $"a group is empty: {string.Join(", ", Cgroups.WorkersOf(runtime))}"
        );
    }

    [Fact]
    public async Task AHostThatEndsLeavesNoGroup()
    {
        Cgroups.Need();
        var host = new LocalHost();
        var child = await Isolated.Create(() => StartSleeper(), new() { Host = host }).InvokeAsync(Token);
        var runtime = (await host.RuntimeAsync()).ProcessId;
        Assert.Equal(2, Cgroups.Of(runtime).Count);

        host.Dispose();

        Assert.Empty(Cgroups.Of(runtime));
        Assert.False(ProcessTable.IsAlive(child));
    }

    [Fact]
    public async Task WhatAKilledGatewayLeftIsRemovedByTheNextOneAndALiveOnesIsNot()
    {
        Cgroups.Need();
        using var live = new LocalHost();
        using var killed = new LocalHost();
        var processId = Isolated.Create(() => Environment.ProcessId, new() { Host = live });
        var worker = await processId.InvokeAsync(Token);
        var child = await Isolated.Create(() => StartSleeper(), new() { Host = killed }).InvokeAsync(Token);
        var (liveId, killedId) = ((await live.RuntimeAsync()).ProcessId, (await killed.RuntimeAsync()).ProcessId);
        ProcessTable.Kill(killedId);
        await Eventually.TrueAsync(() => !ProcessTable.IsAlive(killedId), () => "the gateway lives.");
        Assert.NotEmpty(Cgroups.WorkersOf(killedId));
        var groups = Cgroups.WorkersOf(liveId);
        Assert.NotEmpty(groups);

        using var next = new LocalHost();
        Assert.Equal(2, await Isolated.Create((int value) => value + 1, new() { Host = next }).InvokeAsync(1, Token));

        await Eventually.TrueAsync(() => Cgroups.Of(killedId).Count == 0, () => $"{string.Join(", ", Cgroups.Of(killedId))} are there.");
        Assert.False(ProcessTable.IsAlive(child));
        Assert.All(groups, group => Assert.True(Directory.Exists(group)));
        Assert.Equal(worker, await processId.InvokeAsync(Token));
    }

    [Fact]
    public async Task WorkersThatDieWhileTheyAreClaimedLeaveNothingAndAreReplaced()
    {
        Cgroups.Need();
        using var host = Cgroups.Host(("FAL_PREWARMED", "0"));
        var runtime = (await host.RuntimeAsync()).ProcessId;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var random = Printed.Random("workers that die while they are claimed");
        var killer = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    foreach (var worker in ProcessTable.ChildrenOf(runtime))
                    {
                        ProcessTable.Kill(worker);
                    }

                    await Task.Delay(random.Next(100), CancellationToken.None);
                }
            },
            CancellationToken.None
        );
        var once = Isolated.Create((int value) => value + 1, new() { Host = host, KeepAlive = TimeSpan.Zero });
        for (var i = 0; i < 20; i++)
        {
            try
            {
                Assert.Equal(i + 1, await once.InvokeAsync(i, Token).WaitAsync(Eventually.Limit, Token));
            }
            catch (FalServerlessException e)
            {
                // It was killed before it was ready, or while it ran the call.
                Assert.Contains("SIGKILL", e.Message);
            }
        }

        stop.Cancel();
        await killer;
        Assert.Equal(1, await once.InvokeAsync(0, Token));
        await Eventually.TrueAsync(
            () => Cgroups.WorkersOf(runtime).Count == 0,
            () => $"{string.Join(", ", Cgroups.WorkersOf(runtime))} are there."
        );
    }

    [Fact]
    public async Task AGroupIsRemovedWithAllThatGoesOnInItAlsoInTheSecondVersion()
    {
        // Lifetimes are the same with and without controllers, so that a hierarchy without any will do.
        var own = OwnCgroup.Find(null, File.ReadAllText("/proc/self/mountinfo"), File.ReadAllText("/proc/self/cgroup"));
        var folder = own is null ? null : new CgroupFolder(Path.Combine(own.Folder, $"fal.test.{Environment.ProcessId}"));
        Assert.SkipUnless(folder?.TryMake() == true, "The second version of control groups is not mounted here, or not writable.");
        var group = new CgroupV2(folder);
        using var sleeper = Process.Start(
            new ProcessStartInfo("/bin/sh", ["-c", "read line; sleep 1000 & wait"]) { RedirectStandardInput = true }
        )!;
        group.Add(sleeper.Id);
        sleeper.StandardInput.WriteLine();
        await Eventually.TrueAsync(
            () => Cgroups.Read(folder.Path, "cgroup.procs").Split('\n').Length == 2,
            () => "the shell started nothing."
        );

        Assert.True(await group.RemoveAsync());

        Assert.False(folder.Exists);
        await sleeper.WaitForExitAsync(Token);
        Assert.Equal(128 + 9, sleeper.ExitCode);
        Assert.False(group.RanOutOfMemory);
    }

    private static int StartSleeper()
    {
        using var sleeper = Process.Start("setsid", ["sleep", "1000"]);
        return sleeper.Id;
    }
}
