namespace FalServerless.Runtime.Scheduling;

/// <summary>
/// When capacity is gathered for a call that waits for more than is free. Until then younger calls may overtake it. Since what is gathered
/// lies idle while some long call holds the rest, gathering pauses at times and lets the others pass; each time it goes on for longer, so
/// calls that end at all make way in the end.
/// </summary>
internal static class CapacityReservation
{
    /// <summary>
    /// How long a call may be overtaken first: long beside the start of a worker (0.1 s), so that small calls use what there is, and short
    /// beside what a large call takes.
    /// </summary>
    public static readonly TimeSpan OvertakingLimit = TimeSpan.FromSeconds(1);

    /// <summary>How long gathering goes on the first time; then twice as long each time.</summary>
    public static readonly TimeSpan FirstTime = TimeSpan.FromSeconds(10);

    /// <summary>Whether it goes on for a call that has waited so long.</summary>
    /// <param name="waited">How long the call has waited.</param>
    /// <param name="change">After what further time that changes.</param>
    public static bool GoesOn(TimeSpan waited, out TimeSpan change)
    {
        var length = FirstTime;
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
