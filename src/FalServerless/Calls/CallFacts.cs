using Microsoft.Extensions.Logging;

namespace FalServerless.Calls;

/// <summary>What a worker tells a body of its call. A part is made when the body asks for it, since most never do.</summary>
internal abstract class CallFacts
{
    public abstract CancellationToken CancellationToken { get; }

    public abstract Guid InvocationId { get; }

    public abstract MachineType MachineType { get; }

    public abstract string DataPath { get; }

    public abstract ILogger Logger { get; }
}
