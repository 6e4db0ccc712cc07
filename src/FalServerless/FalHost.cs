using FalServerless.Hosts;
using FalServerless.Transport;

namespace FalServerless;

/// <summary>Where functions run.</summary>
public abstract class FalHost
{
    private protected FalHost()
    {
    }

    /// <summary>
    /// This machine, with nothing to install or configure. Its runtime starts by itself at the first function, in a process of its own,
    /// and ends with this program, however that ends.
    /// </summary>
    public static FalHost Local { get; } = new LocalHost();

    /// <summary>Receives the lines of calls whose function has no receiver of its own, in the flow of the one who reads the call.</summary>
    internal virtual Action<LogEntry> Log => ConsoleLog.Write;

    /// <summary>Begins whatever takes time, without waiting for it: the first call will.</summary>
    internal abstract void Prepare();

    /// <summary>A client of the running host.</summary>
    /// <exception cref="HostUnreachableException">The host cannot be started or reached.</exception>
    internal abstract ValueTask<RuntimeClient> ConnectAsync(CancellationToken cancellationToken);
}
