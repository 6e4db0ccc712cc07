namespace FalServerless.Runtime.Scheduling.Planning;

/// <summary>So much of a machine: thousandths of a processor, bytes of memory, GPUs of the model in question.</summary>
internal readonly record struct Resources(long MilliCpu, long MemoryBytes, int Gpus)
{
    public bool IsZero => this == default;

    public static Resources operator +(Resources left, Resources right) =>
        new(left.MilliCpu + right.MilliCpu, left.MemoryBytes + right.MemoryBytes, left.Gpus + right.Gpus);

    public static Resources operator -(Resources left, Resources right) =>
        new(left.MilliCpu - right.MilliCpu, left.MemoryBytes - right.MemoryBytes, left.Gpus - right.Gpus);

    public bool Covers(Resources need) => MilliCpu >= need.MilliCpu && MemoryBytes >= need.MemoryBytes && Gpus >= need.Gpus;

    /// <summary>What of the need this lacks.</summary>
    public Resources Lacks(Resources need) =>
        new(Math.Max(0, need.MilliCpu - MilliCpu), Math.Max(0, need.MemoryBytes - MemoryBytes), Math.Max(0, need.Gpus - Gpus));

    /// <summary>Whether it has anything of what is lacking.</summary>
    public bool Helps(Resources lacking) =>
        (lacking.MilliCpu > 0 && MilliCpu > 0) || (lacking.MemoryBytes > 0 && MemoryBytes > 0) || (lacking.Gpus > 0 && Gpus > 0);
}
