using System.Globalization;

namespace FalServerless.Runtime.Workers.Processes.ResourceLimits;

/// <summary>
/// A share of the processors' time as the kernel takes it: so much in each period, and as much again when the period before left it over.
/// </summary>
/// <remarks>See docs/decisions/0009-quota-at-claim.md for the period.</remarks>
internal readonly record struct CpuQuota(double Cpus)
{
    private const int PeriodMicroseconds = 100_000;

    public static string Period => PeriodMicroseconds.ToString(CultureInfo.InvariantCulture);

    public string Quota => Microseconds.ToString(CultureInfo.InvariantCulture);

    public string Burst => Quota;

    private long Microseconds => (long)(Cpus * PeriodMicroseconds);
}
