using FalServerless.Calls;
using Microsoft.Extensions.Logging;

namespace FalServerless;

/// <summary>
/// What a body may know of its own call. It is the first parameter of a body that asks for it (<c>ctx => …</c>), and <see cref="Current"/>
/// anywhere else in the code that the call runs.
/// </summary>
public sealed class IsolatedContext
{
    private static readonly AsyncLocal<IsolatedContext?> Flowing = new();

    internal IsolatedContext(CallFacts call) => Call = call;

    /// <summary>The context of the call that this code runs for; null outside a worker.</summary>
    public static IsolatedContext? Current
    {
        get => Flowing.Value;
        internal set => Flowing.Value = value;
    }

    /// <summary>
    /// Cancelled when the caller cancels the call, or its <see cref="IsolatedOptions.Timeout"/> is over. A body that runs for longer
    /// than <see cref="IsolatedOptions.CancellationGrace"/> is ended with its worker.
    /// </summary>
    public CancellationToken CancellationToken => Call.CancellationToken;

    /// <summary>The call's id, unique among all calls; the same in the host's logs.</summary>
    public Guid InvocationId => Call.InvocationId;

    /// <summary>The machine type that the call asked for.</summary>
    public MachineType MachineType => Call.MachineType;

    /// <summary>
    /// The folder, an absolute path, where the host keeps files between calls. All functions of the host share it. It is <c>/data</c> where
    /// the host can bind it there (Linux, where mount namespaces are permitted), else the folder that contains the files; the files are the
    /// same.
    /// </summary>
    public string DataPath => Call.DataPath;

    /// <summary>Writes lines of the call's log: they arrive at the caller with their level, in order with those of the console.</summary>
    public ILogger Logger => Call.Logger;

    /// <summary>The worker's own side of the call.</summary>
    internal CallFacts Call { get; }
}
