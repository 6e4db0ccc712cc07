using FalServerless.Protocol;
using FalServerless.Protocol.Http;
using FalServerless.Protocol.Worker;
using FalServerless.Runtime.Calls;
using FalServerless.Runtime.Functions;
using FalServerless.Tests.Shared.Scripted;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.UnitTests.Runtime.Gateway;

public class KeyLimitsTests
{
    [Fact]
    public async Task OfOneKeyOnlySoManyCallsWait()
    {
        await using var host = await ScriptedHost.StartAsync(new ScriptedSettings { KeyLimits = new() { Queued = 2 } });
        var running = host.PostAsync(ScriptedHost.Request());
        var worker = host.NextWorker();
        var (id, _, _) = worker.NextCall();
        var waiting = new[] { host.PostAsync(ScriptedHost.Request()), host.PostAsync(ScriptedHost.Request()) };
        await Eventually.TrueAsync(() => host.Live == 3, () => $"{host.Live} calls are there.");

        using var refused = await host.PostAsync(ScriptedHost.Request());
        var refusal = await refused.RefusalAsync();
        Assert.Equal((RefusalReason.QueueFull, 2L), (refusal.Reason, refusal.Limit));
        Assert.Contains("FAL_QUEUED_PER_KEY", refusal.Message);

        // One that is served makes room for another.
        worker.Send(WorkerFrameKind.Result, id, 7);
        id = worker.NextCall().Id;
        var further = host.PostAsync(ScriptedHost.Request());
        await Eventually.TrueAsync(() => host.Live == 3, () => $"{host.Live} calls are there.");
        worker.Send(WorkerFrameKind.Result, id, 7);
        worker.Send(WorkerFrameKind.Result, worker.NextCall().Id, 7);
        worker.Send(WorkerFrameKind.Result, worker.NextCall().Id, 7);
        foreach (var call in waiting.Append(running).Append(further))
        {
            using var events = await call;
            Assert.Equal(InvocationEventKind.Result, (await events.NextAsync()).Kind);
        }
    }

    [Fact]
    public void ACallThatEndsBeforeItIsLetInTakesNoPlace()
    {
        var allowance = new KeyAllowance("k", new() { Calls = 1 });
        var function = new StoredFunction
        {
            Hash = default,
            Assemblies = [],
            Definition = default,
        };
        var call = new HostCall(ScriptedHost.Request(), function, null) { Allowance = allowance };
        call.Cancel(null);
        Assert.Null(call.Enter());

        var next = new HostCall(ScriptedHost.Request(), function, null) { Allowance = allowance };
        Assert.Null(next.Enter());
        Assert.Equal(1, allowance.Enter()?.Limit);
        next.Refuse(new() { Reason = RefusalReason.Host, Message = "" });
        next.Drop();
        Assert.Null(allowance.Enter());
        Assert.NotNull(allowance.Enter());
    }
}
