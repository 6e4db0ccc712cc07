using FalServerless.Internal;

namespace FalServerless.Transport;

/// <summary>The error that a host is reported with which could not be reached by its address: address, cause, and what to try.</summary>
internal static class UnreachableErrors
{
    public static HostUnreachableException Describe(HostAddress address, ConnectionBrokenException broken) =>
        new($"{Heading(address, broken.Why)}: {Words(broken)}. {Advice(address, broken.Why)}", broken.Why, broken);

    private static string Heading(HostAddress address, HostUnreachableCause why) =>
        why switch
        {
            HostUnreachableCause.CircuitOpen => $"The host {address} was not asked",
            HostUnreachableCause.Reset => $"The connection to the host {address} broke, and did not come back",
            _ => $"The host {address} cannot be reached",
        };

    private static string Words(ConnectionBrokenException broken) => broken.Message.TrimEnd('.', ' ');

    private static string Advice(HostAddress address, HostUnreachableCause why) =>
        why switch
        {
            HostUnreachableCause.NameResolution =>
                $"Is the name '{address.Machine}' right, and is there a network? DNS has no address for it here.",
            HostUnreachableCause.Refused => $"Nothing listens on port {address.Port} there: is the host running, and on that port?",
            HostUnreachableCause.NoRoute => "Is the network up, and does a VPN or a route to that machine lack?",
            HostUnreachableCause.Tls =>
                $"Does the host speak TLS on port {address.Port}, and is its certificate of that name? Where its certificate is not "
                    + $"of an authority that this system trusts, let {HostTrust.Variable} name a PEM file with the authority's.",
            HostUnreachableCause.Timeout => "Is the machine up, and not overloaded? A firewall that drops what is sent looks the same.",
            HostUnreachableCause.CircuitOpen => "See that the host runs, and call again then.",
            HostUnreachableCause.Proxy =>
                "It is the proxy of HTTPS_PROXY, HTTP_PROXY or ALL_PROXY, or the system's; NO_PROXY names machines that are "
                    + "reached without.",
            HostUnreachableCause.Reset =>
                "Was the host stopped or restarted, or is there a proxy before it that ends long connections? What was sent may "
                    + "have arrived.",
            _ => "Is this the address of a FalServerless host?",
        };
}
