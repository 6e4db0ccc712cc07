using FalServerless.Runtime.Scheduling;

namespace FalServerless.Runtime.Diagnosis;

/// <summary>The GPUs that machine types with one would get.</summary>
internal static class GpuCheck
{
    /// <param name="declared">Those that the host was configured with; null is to look for them.</param>
    public static Finding Run(IReadOnlyList<string>? declared)
    {
        var gpus = declared ?? HostGpus.Detect();
        return Finding.Works(
            "GPUs",
            gpus.Count == 0
                ? "none; the machine types GPU-T4 and GPU are unavailable"
                : $"{string.Join(", ", gpus)}{(declared is null ? "" : " (declared)")}"
        );
    }
}
