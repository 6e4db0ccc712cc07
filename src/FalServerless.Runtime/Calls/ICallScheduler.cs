using FalServerless.Protocol.Http;

namespace FalServerless.Runtime.Calls;

/// <summary>Ends calls before their bodies have ended.</summary>
internal interface ICallScheduler
{
    /// <summary>Ends a call before its body has: a queued one never runs, a running one has its grace time to end.</summary>
    /// <param name="call">The call.</param>
    /// <param name="refusal">The refusal that its caller receives; null where there is no caller.</param>
    void Cancel(HostCall call, Refusal? refusal);

    /// <summary>
    /// Cancels a call whose caller continues to read: its worker is notified, and its events come until its body has ended, or its grace
    /// time is over. One that no worker has ends at once.
    /// </summary>
    void Leave(HostCall call);
}
