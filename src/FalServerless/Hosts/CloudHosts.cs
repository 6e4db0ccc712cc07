using System.Collections.Concurrent;
using FalServerless.Internal;
using FalServerless.Transport;

namespace FalServerless.Hosts;

/// <summary>The hosts of this program that have an address, one for each.</summary>
internal static class CloudHosts
{
    private static readonly ConcurrentDictionary<HostAddress, CloudHost> Known = new();

    public static CloudHost At(HostAddress address) =>
        Known.GetOrAdd(
            address,
            static address => new(new() { Address = address, CertificateFile = Environment.GetEnvironmentVariable(HostTrust.Variable) })
        );
}
