using FalServerless.Protocol.Http;
using FalServerless.Protocol.Worker;
using FalServerless.Runtime.Scheduling;
using FalServerless.Runtime.Workers;
using FalServerless.Tests.Shared.Scripted;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.UnitTests.Runtime.Scheduling;

/// <summary>Workers that are started before anybody needs them.</summary>
public class PrewarmedWorkersTests
{
    [Fact]
    public async Task AnotherClassIsKeptFromItsFirstUseOn()
    {
        await using var host = await ScriptedHost.StartAsync(new() { Prewarmed = 1 });
        host.Scheduler.WarmUp();
        host.NextWorker();
        await Eventually.TrueAsync(() => Ready(host) == 1, () => "no worker is ready.");

        using var _ = await RunAsync(host, "M");

        await RefillAsync(host, WorkerClass.Of("M") == WorkerClass.Of("XS") ? 1 : 2);
    }

    [Fact]
    public async Task ARefillWaitsWhileOthersStart()
    {
        var gate = new TaskCompletionSource();
        var starts = 0;
        await using var host = await ScriptedHost.StartAsync(
            new() { Prewarmed = 1, Starting = _ => Interlocked.Increment(ref starts) == 2 ? gate.Task : Task.CompletedTask }
        );
        host.Scheduler.WarmUp();
        await Eventually.TrueAsync(() => Ready(host) == 1, () => "no worker is ready.");
        using var first = await RunAsync(host, "XS");
        var second = host.PostAsync(ScriptedHost.Request(environment => environment with { MaxWorkers = 2 }));
        await Eventually.TrueAsync(() => Volatile.Read(ref starts) == 2, () => "no worker was started.");

        host.Time.Advance(PrewarmedWorkers.RefillDelay);
        Assert.Equal(2, starts);

        gate.SetResult();
        await Eventually.TrueAsync(() => host.StartedCount == 2, () => "no second worker came.");
        var worker = host.Started[1];
        worker.Send(WorkerFrameKind.Result, worker.NextCall().Id, 1);
        using var _ = await second;
        await RefillAsync(host, 1);
    }

    [Fact]
    public async Task ACallTakesTheWorkerThatIsStartingForNobodyAndDoesNotWaitForAnother()
    {
        var gate = new TaskCompletionSource();
        await using var host = await ScriptedHost.StartAsync(new() { Prewarmed = 1, Starting = _ => gate.Task });
        host.Scheduler.WarmUp();
        var posting = host.PostAsync(ScriptedHost.Request());
        await Eventually.TrueAsync(() => host.Live == 1, () => "the call has not come.");
        gate.SetResult();

        var worker = host.NextWorker();
        worker.Send(WorkerFrameKind.Result, worker.NextCall().Id, 1);

        using var events = await posting;
        Assert.Equal(1, host.StartedCount);
        await RefillAsync(host, 1);
    }

    [Fact]
    public async Task AHostThatKeepsNoneStartsAWorkerForEachThatIsNeeded()
    {
        await using var host = await ScriptedHost.StartAsync(new() { Prewarmed = 0 });
        host.Scheduler.WarmUp();
        using var _ = await RunAsync(host, "XS");
        host.Time.Advance(TimeSpan.FromMinutes(2));

        await Eventually.TrueAsync(() => host.Scheduler.Workers().Count == 0, () => "a worker is left.");
        Assert.Equal(1, host.StartedCount);
    }

    [Fact]
    public async Task WorkersThatCannotStartAreTriedLessAndLess()
    {
        var starts = 0;
        await using var host = await ScriptedHost.StartAsync(
            new()
            {
                Prewarmed = 1,
                Starting = _ =>
                {
                    Interlocked.Increment(ref starts);
                    throw new WorkerStartException("no luck");
                },
            }
        );
        host.Scheduler.WarmUp();
        var expected = 1;
        foreach (var delay in new[] { 0, 1, 2, 4, 8, 16, 32, 60, 60 })
        {
            await Eventually.TrueAsync(
                () => Volatile.Read(ref starts) == expected && host.Time.HasTimer(TimeSpan.FromSeconds(delay)),
                () => $"{starts} starts, {expected} expected."
            );
            host.Time.Advance(TimeSpan.FromSeconds(delay));
            expected++;
        }
    }

    private static int Ready(ScriptedHost host) => host.Scheduler.Workers().Count(worker => worker.State == WorkerState.Prewarmed);

    private static Task RefillAsync(ScriptedHost host, int count) =>
        Eventually.TrueAsync(
            () =>
            {
                host.Time.Advance(PrewarmedWorkers.RefillDelay);
                return Ready(host) == count;
            },
            () => $"{Ready(host)} workers are ready, not {count}."
        );

    private static async Task<CallEvents> RunAsync(ScriptedHost host, string machineType)
    {
        var request = ScriptedHost.Request(environment => environment with { MachineType = machineType });
        var posting = host.PostAsync(request);
        await Eventually.TrueAsync(() => host.Started.Any(worker => worker.HasFrame), () => "no worker has the call.");
        var worker = host.Started.First(worker => worker.HasFrame);
        worker.Send(WorkerFrameKind.Result, worker.NextCall().Id, 1);
        return await posting;
    }
}
