using System.Globalization;

namespace FalServerless.Runtime.Workers.Processes.ResourceLimits;

/// <summary>A worker's groups in the first version: one in each controller's own hierarchy; null where that cannot be used.</summary>
internal sealed class CgroupV1(CgroupFolder? cpu, CgroupFolder? memory) : IProcessGroup
{
    private const string MemoryLimit = "memory.limit_in_bytes";
    private const string MemoryAndSwapLimit = "memory.memsw.limit_in_bytes";

    private readonly MemoryKills _kills = new(memory, "memory.oom_control");

    public bool RanOutOfMemory => _kills.Any;

    public static bool LimitsCpu(CgroupFolder folder) => folder.CanWrite("cpu.cfs_quota_us");

    public static bool LimitsMemory(CgroupFolder folder) => folder.CanWrite(MemoryLimit);

    public void Add(int processId)
    {
        memory?.Add(processId);
        cpu?.Add(processId);
    }

    public void Limit(double? cpus, long? memoryBytes)
    {
        if (memory is not null && memoryBytes is { } bytes)
        {
            var limit = bytes.ToString(CultureInfo.InvariantCulture);
            memory.Write(MemoryLimit, limit);

            // With swap the limit would only make the worker slow. The sum of both may never be below the first, so it comes second.
            if (!memory.TryWrite(MemoryAndSwapLimit, limit))
            {
                memory.TryWrite("memory.swappiness", "0");
            }
        }

        if (cpu is not null && cpus is { } share)
        {
            var quota = new CpuQuota(share);
            cpu.Write("cpu.cfs_period_us", CpuQuota.Period);
            cpu.Write("cpu.cfs_quota_us", quota.Quota);

            // Kernels before 5.14 have none.
            cpu.TryWrite("cpu.cfs_burst_us", quota.Burst);
        }
    }

    public void LiftCpuLimit() => cpu?.TryWrite("cpu.cfs_quota_us", "-1");

    public async Task<bool> RemoveAsync()
    {
        _kills.Keep();
        var removed = await Task.WhenAll(new[] { memory, cpu }.OfType<CgroupFolder>().Select(folder => folder.RemoveAsync()));
        return removed.All(folder => folder);
    }
}
