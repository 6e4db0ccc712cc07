namespace FalServerless.Runtime.Scheduling;

/// <summary>What comes of asking a worker to end.</summary>
internal enum StopOutcome
{
    /// <summary>There is no such worker.</summary>
    Unknown,

    /// <summary>It ends now.</summary>
    Stopping,

    /// <summary>It takes no calls any more, and ends after those that it has.</summary>
    Draining,
}
