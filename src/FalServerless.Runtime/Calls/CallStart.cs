namespace FalServerless.Runtime.Calls;

/// <summary>What must be done before a worker gets a call.</summary>
/// <returns>False when it may not get it; the call has ended then. Nothing is thrown.</returns>
internal delegate Task<bool> CallStart();
