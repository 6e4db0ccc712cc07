using FalServerless.Runtime.Workers.Processes.ResourceLimits;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.UnitTests.Runtime.Workers.Processes.ResourceLimits;

/// <summary>
/// What is written into which file, on plain folders that look like the kernel's. They keep what is written, and refuse nothing: that a
/// kernel of the second version does what it is told is not shown here.
/// </summary>
public sealed class CgroupFilesTests : IDisposable
{
    private const string Name = "fal-1-2-3";

    // Should a test fail in between, what is left in a group is killed.
    private const int NoProcess = int.MaxValue;

    private readonly TemporaryFolder _top = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _top.Dispose();

    [Theory]
    [InlineData("/", "/", "/own", "")]
    [InlineData("/", "/a/b", "/own", "/a/b")]
    [InlineData("/docker/1", "/docker/1", "/own", "")]
    [InlineData("/docker/1", "/docker/1/a", "/own", "/a")]
    [InlineData("/docker/1", "/docker/12", null, null)]
    [InlineData("/", "/../a", null, null)]
    public void TheOwnGroupIsFoundBelowWhatIsMounted(string root, string own, string? _, string? below)
    {
        var mounts =
            $"1 2 0:1 / /proc rw - proc proc rw\n35 31 0:32 {root} /sys/fs/cgroup/memory rw,relatime shared:1 - cgroup cgroup "
            + $"rw,memory\n36 31 0:33 {root} /sys/fs/my\\040cgroup rw - cgroup2 cgroup2 rw\n";
        var membership = $"4:memory:{own}\n3:cpu,cpuacct:/other\n0::{own}\n";

        Assert.Equal(below is null ? null : "/sys/fs/cgroup/memory" + below, OwnCgroup.Find("memory", mounts, membership)?.Folder);
        Assert.Equal(below is null ? null : "/sys/fs/my cgroup" + below, OwnCgroup.Find(null, mounts, membership)?.Folder);
        Assert.Null(OwnCgroup.Find("cpu", mounts, membership));
    }

    [Fact]
    public async Task TheFirstVersionHasAGroupInEachHierarchyThatCanBeWritten()
    {
        Make($"cpu/own/{Name}", "cpu.cfs_quota_us");
        Make($"cpu/own/{Name}/worker-1", "cpu.cfs_quota_us", "cpu.cfs_period_us", "cpu.cfs_burst_us", "cgroup.procs");
        Make("memory/own");
        var mounts =
            $"1 1 0:1 / {_top.File("cpu")} rw - cgroup cgroup rw,cpu\n1 1 0:1 / {_top.File("memory")} rw - cgroup cgroup rw,memory\n";

        await using var cgroups = GatewayCgroups.Detect(mounts, "1:cpu:/own\n2:memory:/own\n", Name);
        var group = cgroups.MakeGroup();
        Assert.NotNull(group);
        group.Add(NoProcess);
        group.Limit(0.5, 1 << 20);

        Assert.True(cgroups.LimitsCpu);
        Assert.False(cgroups.LimitsMemory);
        Assert.Equal(
            ["50000", "100000", "50000", $"{NoProcess}"],
            Read($"cpu/own/{Name}/worker-1", "cpu.cfs_quota_us", "cpu.cfs_period_us", "cpu.cfs_burst_us", "cgroup.procs")
        );
        Make($"cpu/own/{Name}/worker-1", "cpu.cfs_quota_us");
        group.LiftCpuLimit();
        Assert.Equal(["-1"], Read($"cpu/own/{Name}/worker-1", "cpu.cfs_quota_us"));
        Clear();
        group.LiftCpuLimit();
    }

    [Fact]
    public async Task TheSecondVersionUsesTheNearestGroupThatMayHaveLimitedOnesBelow()
    {
        // The own group has processes in it: the kernel gives its controllers no further down, and a group below has no such files.
        Make("slice", "cgroup.subtree_control");
        Make("slice/own", "cgroup.subtree_control");
        Make($"slice/{Name}", "cpu.max", "memory.max", "cgroup.subtree_control");
        Make(
            $"slice/{Name}/worker-1",
            "cpu.max",
            "cpu.max.burst",
            "memory.max",
            "memory.swap.max",
            "memory.oom.group",
            "memory.events",
            "cgroup.procs"
        );

        await using var cgroups = GatewayCgroups.Detect($"1 1 0:1 / {_top.Path} rw - cgroup2 cgroup2 rw\n", "0::/slice/own\n", Name);
        var group = cgroups.MakeGroup();
        Assert.NotNull(group);
        group.Add(NoProcess);
        group.Limit(0.25, 256 << 20);

        Assert.True(cgroups.LimitsCpu && cgroups.LimitsMemory);
        Assert.Equal(
            ["25000 100000", "25000", "268435456", "0", "1", $"{NoProcess}"],
            Read($"slice/{Name}/worker-1", "cpu.max", "cpu.max.burst", "memory.max", "memory.swap.max", "memory.oom.group", "cgroup.procs")
        );
        Assert.Contains("+memory", Read($"slice/{Name}", "cgroup.subtree_control")[0]);
        Assert.False(Directory.Exists(_top.File($"slice/own/{Name}")));
        Make($"slice/{Name}/worker-1", "cpu.max");
        group.LiftCpuLimit();
        Assert.Equal(["max 100000"], Read($"slice/{Name}/worker-1", "cpu.max"));
        Assert.False(group.RanOutOfMemory);
        File.WriteAllText(
            _top.File($"slice/{Name}/worker-1/memory.events"),
            "low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\noom_group_kill 1\n"
        );
        Assert.True(group.RanOutOfMemory);
        Clear();
        Assert.True(group.RanOutOfMemory);
    }

    [Fact]
    public async Task WhereNothingCanBeWrittenThereAreNoGroups()
    {
        await using var cgroups = GatewayCgroups.Detect($"1 1 0:1 / {_top.Path} rw - cgroup2 cgroup2 rw\n", "0::/own\n", Name);

        Assert.Null(cgroups.MakeGroup());
        Assert.False(cgroups.LimitsCpu || cgroups.LimitsMemory);
    }

    [Fact]
    public void WhatTheKernelDoesNotOfferIsNoFileAndItsRefusalNamesIt()
    {
        var folder = new CgroupFolder(_top.Path);

        var error = Assert.Throws<IOException>(() => folder.Write("cpu.max", "1 2"));

        Assert.Contains("'1 2'", error.Message);
        Assert.Contains(_top.File("cpu.max"), error.Message);
        Assert.False(folder.Has("cpu.max"));
    }

    private void Make(string folder, params string[] files)
    {
        Directory.CreateDirectory(_top.File(folder));
        foreach (var file in files)
        {
            File.WriteAllText(Path.Combine(_top.File(folder), file), "");
        }
    }

    private string[] Read(string folder, params string[] files) =>
        [.. files.Select(file => File.ReadAllText(Path.Combine(_top.File(folder), file)))];

    // The kernel's files go with their folder, these do not.
    private void Clear()
    {
        foreach (var file in Directory.GetFiles(_top.Path, "*", SearchOption.AllDirectories))
        {
            File.Delete(file);
        }
    }
}
