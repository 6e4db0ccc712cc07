using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Protocol.Worker;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Functions;
using FalServerless.Runtime.Workers;
using FalServerless.Tests.Shared.Scripted;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.UnitTests.Runtime.Scheduling;

/// <summary>Calls that come straight to a scripted host's scheduler, one after the other, and the workers that get them.</summary>
internal sealed class ScriptedPool : IAsyncDisposable
{
    private static readonly StoredFunction Function = new()
    {
        Hash = ContentHash.Of([1]),
        Definition = new byte[] { 1 },
        Assemblies = [],
    };

    private readonly Dictionary<Guid, ScriptedWorker> _workers = [];

    private ScriptedPool(ScriptedHost host) => Host = host;

    public ScriptedHost Host { get; }

    public static async Task<ScriptedPool> StartAsync(ScriptedSettings settings) => new(await ScriptedHost.StartAsync(settings));

    /// <summary>Submits a call; each number of workers is a pool of its own.</summary>
    public HostCall Submit(string machineType, int pool, TimeSpan? keepAlive = null, Func<CallOptions, CallOptions>? change = null)
    {
        var request = ScriptedHost.Request(environment =>
        {
            var spec = environment with { MachineType = machineType, MaxWorkers = pool, KeepAlive = keepAlive ?? TimeSpan.FromMinutes(1) };
            return change is null ? spec : change(spec);
        });
        var call = new HostCall(request, Function);
        Host.Scheduler.Submit(call);
        return call;
    }

    /// <summary>The next started worker, which must get this call next.</summary>
    public ScriptedWorker Runs(HostCall call)
    {
        var worker = Host.NextWorker();
        Runs(call, worker);
        return worker;
    }

    /// <summary>The worker must get this call next.</summary>
    public void Runs(HostCall call, ScriptedWorker worker)
    {
        try
        {
            Assert.Equal(call.Id, worker.NextCall().Id);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(
                $"The call is {(call.HasEnded ? "over" : "open")}, on the worker {(call.Worker as WorkerHandle)?.Id}; the workers are "
                    + $"{string.Join('\n', Host.Scheduler.Workers())}",
                e
            );
        }

        _workers[call.Id] = worker;
    }

    /// <summary>Answers the call.</summary>
    public void End(HostCall call) => _workers[call.Id].Send(WorkerFrameKind.Result, call.Id, 1);

    /// <summary>Waits until nothing is on its way any more that could still start a worker.</summary>
    public async Task SettlesAsync(Func<IReadOnlyList<WorkerStatus>, bool> condition)
    {
        await Eventually.TrueAsync(() => condition(Host.Scheduler.Workers()), () => string.Join('\n', Host.Scheduler.Workers()));
    }

    public static Refusal? RefusalOf(HostCall call)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        if (!call.HasEnded || call.Events.Attach(0) is not { } ticket)
        {
            return null;
        }

        while (call.TryTake(ticket, output)) { }

        var events = output.WrittenMemory;
        while (true)
        {
            var (kind, length) = EventHeader.Read(events.Span);
            var payload = events.Slice(EventHeader.Size, length);
            if (kind == InvocationEventKind.Refusal)
            {
                return RefusalCodec.Read(new(payload));
            }

            events = events[(EventHeader.Size + length)..];
        }
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
