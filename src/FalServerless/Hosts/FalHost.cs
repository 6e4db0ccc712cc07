using FalServerless.Hosts;
using FalServerless.Internal;
using FalServerless.Transport;

namespace FalServerless;

/// <summary>Where functions run.</summary>
public abstract class FalHost
{
    private protected FalHost() { }

    /// <summary>
    /// This machine, with nothing to install or configure. Its runtime starts by itself at the first function, in a process of its own,
    /// and ends with this program, however that ends.
    /// </summary>
    public static FalHost Local { get; } = new LocalHost();

    /// <summary>
    /// The host that is configured here: the one that the variable <c>FAL_HOST</c> names, else the one of the profile that
    /// <c>fal-serverless auth login</c> has written. Its key is <see cref="IsolatedOptions.Credentials"/>, else <c>FAL_KEY=id:secret</c> or
    /// <c>FAL_KEY_ID</c> and <c>FAL_KEY_SECRET</c>, else the profile's. It is looked for at the first call, which fails with a
    /// <see cref="HostUnreachableException"/> where none is configured.
    /// </summary>
    public static FalHost Cloud { get; } =
        new ConfiguredHost("FalHost.Cloud", static () => CloudHosts.At(HostResolver.OfProcess.Require()));

    /// <summary>Where functions run that name no host: on the configured one, else here.</summary>
    internal static FalHost Default { get; } =
        new ConfiguredHost("the default host", static () => HostResolver.OfProcess.Find() is { } address ? CloudHosts.At(address) : Local);

    /// <summary>
    /// The host at an address. Its key is <see cref="IsolatedOptions.Credentials"/>; else <c>FAL_KEY=id:secret</c> or <c>FAL_KEY_ID</c> and
    /// <c>FAL_KEY_SECRET</c>, unless <c>FAL_HOST</c> names another host; else the profile's, if that is of this host.
    /// </summary>
    /// <param name="address">As <c>https://fal.example.org</c> or <c>http://localhost:8080</c>; with a path where the host serves below
    /// one.</param>
    /// <returns>Hosts with the same address share their connections.</returns>
    /// <exception cref="ArgumentException">It is no http or https address, or has a user, a query or a fragment.</exception>
    public static FalHost At(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return CloudHosts.At(HostAddress.Read(address, out var fault) ?? throw new ArgumentException(fault, nameof(address)));
    }

    /// <inheritdoc cref="At(string)"/>
    public static FalHost At(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return CloudHosts.At(HostAddress.Read(address, out var fault) ?? throw new ArgumentException(fault, nameof(address)));
    }

    /// <summary>Receives the lines of calls whose function has no receiver of its own, in the flow of the one who reads the call.</summary>
    internal virtual Action<LogEntry> Log => ConsoleLog.Write;

    /// <summary>The same for one function: gets the id of each line's call too.</summary>
    internal virtual Action<Guid, LogEntry> LogOf(FunctionLabel function)
    {
        var log = Log;
        return (_, entry) => log(entry);
    }

    /// <summary>Begins whatever takes time, without waiting for it: the first call will.</summary>
    internal abstract void Prepare();

    /// <summary>A client of the running host.</summary>
    /// <exception cref="HostUnreachableException">The host cannot be started or reached.</exception>
    internal abstract ValueTask<RuntimeClient> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>
    /// A client that brings this key, or the host's own one where it is null. A host that has a key of its own already has no use for
    /// another.
    /// </summary>
    /// <exception cref="HostUnreachableException">The host cannot be started or reached.</exception>
    /// <exception cref="CredentialsException">There is no key for the host, or none that can be used.</exception>
    internal virtual ValueTask<RuntimeClient> ConnectAsync(CloudKeyCredentials? credentials, CancellationToken cancellationToken) =>
        ConnectAsync(cancellationToken);
}
