using System.Globalization;

namespace FalServerless.Runtime.Workers.Processes.ResourceLimits;

/// <summary>A worker's group in the second version: one for all controllers, of which it uses those that are given to it.</summary>
internal sealed class CgroupV2(CgroupFolder folder) : IProcessGroup
{
    public const string ControllersFile = "cgroup.controllers";

    private const string SubtreeFile = "cgroup.subtree_control";
    private const string CpuLimit = "cpu.max";
    private const string MemoryLimit = "memory.max";

    private readonly MemoryKills _kills = new(folder, "memory.events");

    public bool RanOutOfMemory => _kills.Any;

    public static bool LimitsCpu(CgroupFolder folder) => folder.CanWrite(CpuLimit);

    public static bool LimitsMemory(CgroupFolder folder) => folder.CanWrite(MemoryLimit);

    /// <summary>Has the groups below it limited by what it is limited by itself. The kernel refuses where processes are in it.</summary>
    public static void GiveControllersDown(CgroupFolder folder)
    {
        var given = folder.Read(SubtreeFile).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        foreach (var controller in new[] { "cpu", "memory" }.Except(given))
        {
            folder.TryWrite(SubtreeFile, "+" + controller);
        }
    }

    public void Add(int processId) => folder.Add(processId);

    public void Limit(double? cpus, long? memoryBytes)
    {
        if (memoryBytes is { } bytes && folder.Has(MemoryLimit))
        {
            folder.Write(MemoryLimit, bytes.ToString(CultureInfo.InvariantCulture));

            // With swap the limit would only make the worker slow.
            folder.TryWrite("memory.swap.max", "0");

            // A body whose child was killed in its place would go on without it.
            folder.TryWrite("memory.oom.group", "1");
        }

        if (cpus is { } share && folder.Has(CpuLimit))
        {
            var quota = new CpuQuota(share);
            folder.Write(CpuLimit, $"{quota.Quota} {CpuQuota.Period}");

            // Kernels before 5.14 have none.
            folder.TryWrite("cpu.max.burst", quota.Burst);
        }
    }

    public void LiftCpuLimit() => folder.TryWrite(CpuLimit, $"max {CpuQuota.Period}");

    public Task<bool> RemoveAsync()
    {
        _kills.Keep();
        return folder.RemoveAsync();
    }
}
