using System.Globalization;

namespace FalServerless.Runtime.Workers.Processes.ResourceLimits;

/// <summary>
/// The control groups of a gateway: a folder of its own in each hierarchy that it may use, and a group below for each worker. Found out
/// once, at the start; where nothing can be used, no worker has one. What gateways that were killed left behind is removed at the start of
/// the next one.
/// </summary>
internal sealed class GatewayCgroups : IAsyncDisposable
{
    private readonly IReadOnlyList<CgroupFolder> _folders;
    private readonly Func<string, IProcessGroup?> _makeGroup;
    private readonly Lock _lock = new();
    private int _count;
    private bool _disposed;

    private GatewayCgroups(IReadOnlyList<CgroupFolder> folders, Func<string, IProcessGroup?> makeGroup, bool limitsCpu, bool limitsMemory)
    {
        _folders = folders;
        _makeGroup = makeGroup;
        LimitsCpu = limitsCpu;
        LimitsMemory = limitsMemory;
    }

    /// <summary>Those of a host that leaves the kernel's limits alone, or may not set them.</summary>
    public static GatewayCgroups None { get; } = new([], _ => null, false, false);

    public bool LimitsCpu { get; }

    public bool LimitsMemory { get; }

    /// <summary>What this process may use on this machine.</summary>
    public static GatewayCgroups Detect()
    {
        if (!OperatingSystem.IsLinux())
        {
            return None;
        }

        try
        {
            return Detect(File.ReadAllText("/proc/self/mountinfo"), File.ReadAllText("/proc/self/cgroup"), GatewayName.Own);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return None;
        }
    }

    /// <param name="mounts">The text of <c>/proc/self/mountinfo</c>.</param>
    /// <param name="membership">The text of <c>/proc/self/cgroup</c>.</param>
    /// <param name="name">The name of the gateway's folder.</param>
    public static GatewayCgroups Detect(string mounts, string membership, string name)
    {
        var cpu = MakeV1(OwnCgroup.Find("cpu", mounts, membership), name, CgroupV1.LimitsCpu);
        var memory = MakeV1(OwnCgroup.Find("memory", mounts, membership), name, CgroupV1.LimitsMemory);
        if (cpu is not null || memory is not null)
        {
            return new(
                [.. new[] { cpu, memory }.OfType<CgroupFolder>()],
                worker => MakeV1(cpu?.Child(worker), memory?.Child(worker)),
                cpu is not null,
                memory is not null
            );
        }

        var own = OwnCgroup.Find(null, mounts, membership);
        var both = MakeV2(own, name, folder => CgroupV2.LimitsCpu(folder) && CgroupV2.LimitsMemory(folder));
        return (both ?? MakeV2(own, name, folder => CgroupV2.LimitsCpu(folder) || CgroupV2.LimitsMemory(folder))) is { } folder
            ? new(
                [folder],
                worker => folder.Child(worker) is var group && group.TryMake() ? new CgroupV2(group) : null,
                CgroupV2.LimitsCpu(folder),
                CgroupV2.LimitsMemory(folder)
            )
            : None;
    }

    /// <summary>Makes the group of a worker, without limits yet; null where this host has none.</summary>
    public IProcessGroup? MakeGroup()
    {
        lock (_lock)
        {
            // One that is made while the gateway's folder goes would bring that back.
            return _disposed ? null : _makeGroup(string.Create(CultureInfo.InvariantCulture, $"worker-{++_count}"));
        }
    }

    /// <summary>Removes all groups, and kills what is left in them.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        await Task.WhenAll(_folders.Select(folder => folder.RemoveAsync()));
    }

    private static CgroupV1? MakeV1(CgroupFolder? cpu, CgroupFolder? memory) =>
        cpu?.TryMake() != false && memory?.TryMake() != false ? new(cpu, memory) : null;

    private static CgroupFolder? MakeV1(OwnCgroup? own, string name, Func<CgroupFolder, bool> canLimit)
    {
        if (own is null)
        {
            return null;
        }

        var parent = new CgroupFolder(own.Folder);
        RemoveAbandoned(parent);
        return Make(parent.Child(name), canLimit);
    }

    // Processes stand only at the ends of this tree: a group that this process, or its user's program, is in cannot have limited groups
    // below it. So it is the nearest one further up that can, and may be written to: the delegated one, or at last the root's.
    private static CgroupFolder? MakeV2(OwnCgroup? own, string name, Func<CgroupFolder, bool> canLimit)
    {
        foreach (var parent in own?.Upwards() ?? [])
        {
            CgroupV2.GiveControllersDown(parent);
            if (Make(parent.Child(name), canLimit) is { } folder)
            {
                RemoveAbandoned(parent);
                CgroupV2.GiveControllersDown(folder);
                return folder;
            }
        }

        return null;
    }

    private static CgroupFolder? Make(CgroupFolder folder, Func<CgroupFolder, bool> canLimit)
    {
        if (!folder.TryMake())
        {
            return null;
        }

        if (canLimit(folder))
        {
            return folder;
        }

        _ = folder.RemoveAsync();
        return null;
    }

    // Not awaited: what is left there uses no resources.
    private static void RemoveAbandoned(CgroupFolder parent)
    {
        foreach (var folder in parent.Children().Where(folder => GatewayName.IsOfADeadOne(Path.GetFileName(folder.Path))))
        {
            _ = folder.RemoveAsync();
        }
    }
}
