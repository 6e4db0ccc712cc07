using FalServerless.Internal;
using FalServerless.Protocol.Http;

namespace FalServerless.Transport;

/// <summary>The connection to a host: its sockets, the key of requests, and the messages of errors.</summary>
internal abstract class HostLink(HostAddress address, string key, TimeProvider time) : IDisposable
{
    /// <summary>What the paths of requests are below.</summary>
    public HostAddress Address => address;

    /// <summary>What follows the scheme in the header of every request.</summary>
    public string Key => key;

    public TimeProvider Time => time;

    /// <summary>Whether the host has certainly ended, so that another attempt is useless.</summary>
    public virtual bool HasEnded => false;

    /// <summary>Sends a request and waits for the head of the answer.</summary>
    public abstract Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken);

    /// <summary>Says that the host cannot be reached, and why.</summary>
    public abstract HostUnreachableException Unreachable(ConnectionBrokenException broken);

    /// <summary>Says that the host does not accept the key.</summary>
    public abstract CredentialsException Refused(Refusal refusal);

    public virtual void Dispose() { }
}
