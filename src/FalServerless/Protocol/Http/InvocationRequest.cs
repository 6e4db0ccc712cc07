using System.Buffers;

namespace FalServerless.Protocol.Http;

/// <summary>One call, as the client posts it.</summary>
internal sealed record InvocationRequest
{
    /// <summary>Made by the client, so that a call can be distinguished from its repetition.</summary>
    public required Guid Id { get; init; }

    /// <summary>The code identity: the hash of the manifest.</summary>
    public required ContentHash Function { get; init; }

    /// <summary>The manifest's bytes, at a client's first call of the function; empty afterwards.</summary>
    public ReadOnlySequence<byte> Manifest { get; init; }

    public required CallOptions Options { get; init; }

    /// <summary>For logs only.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Null when the request is sent for the first time. In a repetition, how long ago that was: a host that remembers all calls since then
    /// knows whether it has this one, and so never runs a body twice.
    /// </summary>
    public TimeSpan? Age { get; init; }

    /// <summary>In a repetition, how many events of the call the client has; the host continues after them.</summary>
    public long Received { get; init; }

    /// <summary>
    /// Null for a call whose events the client waits for. Else the call is detached: the host keeps it and what becomes of it, and runs it
    /// again up to so many times when its worker crashes, or the host itself ends.
    /// </summary>
    public int? Retries { get; init; }

    /// <summary>The cultures of the caller, opaque to all but the worker; empty for the invariant one.</summary>
    public ReadOnlyMemory<byte> Cultures { get; init; }

    /// <summary>The inputs and the captured variables; opaque to all but the worker.</summary>
    public required ReadOnlySequence<byte> Payload { get; init; }
}
