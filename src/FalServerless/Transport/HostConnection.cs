using FalServerless.Internal;

namespace FalServerless.Transport;

/// <summary>How a host with an address is reached, for all of its callers.</summary>
internal sealed record HostConnection
{
    public required HostAddress Address { get; init; }

    public FalServerlessOptions Options { get; init; } = new();

    /// <summary>A PEM file with authorities to trust beside the system's, if any.</summary>
    public string? CertificateFile { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
