namespace FalServerless.Runtime.Workers.Processes.ResourceLimits;

/// <summary>The kernel's count of processes that it killed in a group out of memory, which outlives the group here.</summary>
internal sealed class MemoryKills(CgroupFolder? folder, string file)
{
    private volatile bool _any;

    public bool Any
    {
        get
        {
            // Before the field is read: another thread may remove the group meanwhile, and has read the count by then.
            if (folder?.Count(file, "oom_kill") > 0)
            {
                _any = true;
            }

            return _any;
        }
    }

    /// <summary>Reads the count for the last time.</summary>
    public void Keep() => _ = Any;
}
