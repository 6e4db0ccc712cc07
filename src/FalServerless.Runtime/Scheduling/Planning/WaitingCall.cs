namespace FalServerless.Runtime.Scheduling.Planning;

/// <summary>A call that waits for a worker.</summary>
/// <param name="Turn">Its place among all calls that ever waited on the host.</param>
/// <param name="Waited">How long it has waited.</param>
/// <param name="KeepAlive">How long a worker that is started for it stays afterwards.</param>
internal readonly record struct WaitingCall(long Turn, TimeSpan Waited, TimeSpan KeepAlive);
