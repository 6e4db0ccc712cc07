namespace FalServerless.Runtime.Gateway;

/// <summary>What a gateway puts up with from those who connect.</summary>
internal sealed record NetworkLimits
{
    /// <summary>The most connections at once; each has a descriptor and some kilobytes. By default 10,000.</summary>
    public long Connections { get; init; } = 10_000;

    /// <summary>In what time a request's headers must be whole; by default 15 s.</summary>
    public TimeSpan Headers { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>In what time TLS must be agreed on; by default 10 s.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many bytes a second of a body must come while the gateway waits for them; by default 100.</summary>
    public double BodyBytesPerSecond { get; init; } = 100;

    /// <summary>For how long fewer may come; by default 30 s.</summary>
    public TimeSpan BodyGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a connection without a request stays; by default 130 s, longer than the clients keep them.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(130);
}
