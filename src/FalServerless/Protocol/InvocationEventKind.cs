namespace FalServerless.Protocol;

/// <summary>What an event of a call's stream is. Exactly one result, failure or refusal ends a call's events.</summary>
internal enum InvocationEventKind : byte
{
    /// <summary>A <see cref="LogEntry"/> of the call.</summary>
    Log = 1,

    /// <summary>The body's result; opaque to all but the client.</summary>
    Result = 2,

    /// <summary>What the body threw; opaque to all but the client.</summary>
    Failure = 3,

    /// <summary>A <see cref="Refusal"/>: the host could not run the call to its end.</summary>
    Refusal = 4,

    /// <summary>Bytes that go before those of the next item, result or failure, which is too large for one event.</summary>
    Chunk = 5,

    /// <summary>
    /// One item of a result that is a stream; opaque to all but the client. The result event after the last one is empty.
    /// </summary>
    Item = 6,

    /// <summary>A detached call runs again: the chunks before it belong to nothing. Without a payload.</summary>
    Restart = 7,
}
