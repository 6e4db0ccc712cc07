using FalServerless.Protocol.Http;

namespace FalServerless.Runtime.Calls;

/// <summary>What a request for a call means, by its id: all null is a call that has not been here yet.</summary>
/// <param name="Live">The call is here and continues; the request reads its events.</param>
/// <param name="Events">The call is over; what the request lacks of it.</param>
/// <param name="Refusal">The request cannot be satisfied.</param>
internal readonly record struct Admission(HostCall? Live = null, ReadOnlyMemory<byte>? Events = null, Refusal? Refusal = null);
