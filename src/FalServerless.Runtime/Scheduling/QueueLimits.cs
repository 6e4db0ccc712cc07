using System.Globalization;
using FalServerless.Internal;
using FalServerless.Protocol.Http;

namespace FalServerless.Runtime.Scheduling;

/// <summary>How many calls may wait on the host, and how long each.</summary>
internal sealed record QueueLimits(int Count, TimeSpan Wait)
{
    public Refusal Full(MachineType machineType, int maximumWorkers, int ofKind) =>
        new()
        {
            Reason = RefusalReason.QueueFull,
            Limit = Count,
            Message =
                $"The queue limit of {Plural.Of(Count, "call")} is reached on this host; {ofKind} of them wait for "
                + $"{(maximumWorkers == 1 ? "the 1 worker" : $"one of {maximumWorkers} workers")} of machine type "
                + $"'{machineType}'. Make fewer calls at once, raise MaxWorkers, or raise the host's FAL_QUEUE_LIMIT.",
        };

    public Refusal Overdue(MachineType machineType, TimeSpan waited, string cause) =>
        new()
        {
            Reason = RefusalReason.QueueFull,
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"The call waited {waited.TotalSeconds:0.#} s for a worker of machine type '{machineType}', as long as a call may, "
                    + $"and was not run: {cause}. Make fewer calls at once, or raise the host's FAL_QUEUE_WAIT."
            ),
        };
}
