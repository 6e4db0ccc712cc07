using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Gateway;
using FalServerless.Runtime.Workers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FalServerless.Tests.Shared.Scripted;

/// <summary>What a scripted host has: more than a test needs, unless the test says otherwise.</summary>
internal sealed record ScriptedSettings
{
    public double Cpus { get; init; } = 1000;

    public long MemoryBytes { get; init; } = 1L << 50;

    public IReadOnlyList<string> Gpus { get; init; } = [];

    public bool RefusesLarger { get; init; }

    public int QueueLimit { get; init; } = 10_000;

    public TimeSpan QueueWait { get; init; } = TimeSpan.FromMinutes(10);

    public KeyLimits? KeyLimits { get; init; }

    /// <summary>Has the gateway listen on a free port too, and what it puts up with there.</summary>
    public NetworkLimits? Network { get; init; }

    public int Prewarmed { get; init; }

    /// <summary>Whether a worker ends when it is asked to; else it is killed after its grace of real seconds.</summary>
    public bool WorkersEndWhenAsked { get; init; } = true;

    /// <summary>Hears what the host logs.</summary>
    public ILogger Log { get; init; } = NullLogger.Instance;

    /// <summary>Comes before each start.</summary>
    public Func<WorkerClass, Task> Starting { get; init; } = _ => Task.CompletedTask;
}
