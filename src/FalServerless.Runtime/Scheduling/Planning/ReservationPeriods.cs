namespace FalServerless.Runtime.Scheduling.Planning;

/// <summary>
/// When freed capacity is reserved for a call that needs more than is free. Before that younger calls may overtake it. Since reserved
/// capacity lies idle while some long call holds the rest, reserving pauses at times and lets the others pass; each period is longer than
/// the one before, so where calls end at all, the call gets its capacity in the end.
/// </summary>
internal static class ReservationPeriods
{
    /// <summary>
    /// How long a call may be overtaken first, and in each pause: long beside the start of a worker (0.1 s), so that small calls use what
    /// there is, and short beside what a large call takes.
    /// </summary>
    public static readonly TimeSpan OvertakingLimit = TimeSpan.FromSeconds(1);

    /// <summary>How long the first period is; each further one is twice as long as the one before.</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(10);

    /// <summary>Whether capacity is reserved for a call that has waited so long.</summary>
    /// <param name="waited">How long the call has waited.</param>
    /// <param name="change">After what further time that changes.</param>
    public static bool Contains(TimeSpan waited, out TimeSpan change)
    {
        var length = First;
        for (var start = OvertakingLimit; ; start += length + OvertakingLimit, length *= 2)
        {
            if (waited < start)
            {
                change = start - waited;
                return false;
            }

            if (waited < start + length)
            {
                change = start + length - waited;
                return true;
            }
        }
    }
}
