namespace FalServerless;

/// <summary>Why a host could not be reached, as far as that is known.</summary>
public enum HostUnreachableCause
{
    /// <summary>Nothing tells; the message has the system's own words.</summary>
    Unknown = 0,

    /// <summary>No host is configured, or its configuration cannot be used. Nothing was sent.</summary>
    NotConfigured = 1,

    /// <summary>The host's name has no address: DNS does not know it, or does not answer.</summary>
    NameResolution = 2,

    /// <summary>The machine answers, but nothing listens on the port.</summary>
    Refused = 3,

    /// <summary>There is no way to the machine: the network is down, or does not lead there.</summary>
    NoRoute = 4,

    /// <summary>The host's certificate is not accepted, or what answers does not speak TLS.</summary>
    Tls = 5,

    /// <summary>The connection broke, and did not come back.</summary>
    Reset = 6,

    /// <summary>No connection was made, or no answer came, within its limit of time.</summary>
    Timeout = 7,

    /// <summary>The host could not be reached several times in a row, and is not asked for a few seconds.</summary>
    CircuitOpen = 8,

    /// <summary>The proxy that the system names does not let the connection through.</summary>
    Proxy = 9,

    /// <summary>The runtime of <see cref="FalHost.Local"/> did not start.</summary>
    NotStarted = 10,

    /// <summary>The runtime of <see cref="FalHost.Local"/> has ended.</summary>
    Ended = 11,

    /// <summary>The host answers, but does not run calls now: it is shutting down, or something in it failed.</summary>
    Unavailable = 12,
}
