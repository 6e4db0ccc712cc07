using System.Buffers;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Time;
using FalServerless.Wire;

namespace FalServerless.IntegrationTests.Runtime.Gateway;

public class WorkerEndpointsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnIdleWorkerEndsAtOnce()
    {
        await using var host = await RunningHost.StartAsync(new() { ["FAL_PREWARMED"] = "0" });
        await Isolated.Create(() => 1, new() { Host = host.Host, KeepAlive = TimeSpan.FromHours(1) }).InvokeAsync(Token);
        var worker = Assert.Single(await host.WorkersAsync());

        Assert.Equal(204, (await host.SendAsync(HttpMethod.Delete, Routes.Worker(worker.Id), [])).Status);

        await host.WorkersAsync(workers => workers.Count == 0);
        Assert.False(ProcessTable.IsAlive(worker.ProcessId));
        var (status, _) = await host.SendAsync(HttpMethod.Delete, Routes.Worker(worker.Id), []);
        Assert.Equal(404, status);
        Assert.Equal(2, await Isolated.Create(() => 2, new() { Host = host.Host }).InvokeAsync(Token));
    }

    [Fact]
    public async Task AGenericWorkerEndsAndAnotherTakesItsPlace()
    {
        await using var host = await RunningHost.StartAsync();
        var worker = Assert.Single(await host.WorkersAsync(workers => workers.Count == 1));

        Assert.Equal(204, (await host.SendAsync(HttpMethod.Delete, Routes.Worker(worker.Id), [])).Status);

        await host.WorkersAsync(workers => workers is [{ State: WorkerState.Prewarmed } other] && other.Id != worker.Id);
    }

    [Fact]
    public async Task ABusyWorkerEndsAfterItsCallAndGetsNoOther()
    {
        await using var host = await RunningHost.StartAsync();
        using var folder = new TemporaryFolder();
        var path = folder.File("go");
        var running = new TaskCompletionSource();
        var options = new IsolatedOptions
        {
            Host = host.Host,
            KeepAlive = TimeSpan.FromHours(1),
            CallsPerWorker = 2,
            MaxWorkers = 2,
        };
        var call = Isolated
            .Create((string file) => Bodies.SayAndWaitFor("running", file), options with { OnLog = _ => running.TrySetResult() })
            .InvokeAsync(path, Token);
        await running.Task.WaitAsync(Eventually.Limit, Token);
        var worker = (await host.WorkersAsync()).Single(worker => worker.State == WorkerState.Busy);

        Assert.Equal(202, (await host.SendAsync(HttpMethod.Delete, Routes.Worker(worker.Id), [])).Status);

        Assert.Equal(WorkerState.Draining, (await host.WorkersAsync()).Single(other => other.Id == worker.Id).State);
        Assert.NotEqual(worker.ProcessId, await Isolated.Create(() => Environment.ProcessId, options).InvokeAsync(Token));
        await File.WriteAllTextAsync(path, "", Token);
        Assert.True(await call);
        await host.WorkersAsync(workers => workers.All(other => other.Id != worker.Id));
    }

    [Fact]
    public async Task ABusyWorkerEndsWithItsCallsByForce()
    {
        await using var host = await RunningHost.StartAsync();
        var running = new TaskCompletionSource();
        var call = Isolated
            .Create(() => Bodies.SayAndBlock("running"), new() { Host = host.Host, OnLog = _ => running.TrySetResult() })
            .InvokeAsync(Token);
        await running.Task.WaitAsync(Eventually.Limit, Token);
        var worker = (await host.WorkersAsync()).Single(worker => worker.State == WorkerState.Busy);

        Assert.Equal(204, (await host.SendAsync(HttpMethod.Delete, Routes.Worker(worker.Id) + "?force=true", [])).Status);

        var error = await Assert.ThrowsAsync<WorkerCrashedException>(() => call);
        Assert.Equal(WorkerCrashCause.Killed, error.Cause);
        Assert.Contains("An administrator of the host stopped the worker by force.", error.Message + string.Join('\n', error.LastLines));
    }

    [Fact]
    public async Task AWorkersLastLinesAreThereWhileItRunsAndAfterItsEnd()
    {
        await using var host = await RunningHost.StartAsync();
        var options = new IsolatedOptions { Host = host.Host, OnLog = _ => { } };
        var id = await Isolated.Create((int count) => Lines.Write(count), options).InvokeAsync(1_500, Token);

        var usual = await LogsAsync(host, id, "");
        Assert.Equal(100, usual.Count);
        Assert.Equal(("line 1499", LogEntrySource.User), (usual[^1].Message, usual[^1].Source));
        Assert.Equal(["line 1498", "line 1499"], (await LogsAsync(host, id, "?lines=2")).Select(line => line.Message));
        var all = await LogsAsync(host, id, "?lines=1000000");
        Assert.Equal(1_000, all.Count);
        Assert.Equal("line 500", all[0].Message);
        Assert.Equal(400, (await host.SendAsync(HttpMethod.Get, Routes.Worker($"{id}") + Routes.WorkerLogs + "?lines=x", [])).Status);
        Assert.Equal(404, (await host.SendAsync(HttpMethod.Get, Routes.Worker($"{1}") + Routes.WorkerLogs, [])).Status);

        ProcessTable.Kill(id);
        await host.WorkersAsync(workers => workers.All(worker => worker.ProcessId != id));
        Assert.Equal("line 1499", (await LogsAsync(host, id, "?lines=1")).Single().Message);
    }

    [Fact]
    public async Task WhatAWorkerSendsThatIsNoLineIsLeftOut()
    {
        var log = new FalServerless.Runtime.Workers.WorkerLog();
        log.Add([0x90]);
        log.Add([0xC1, 0xFF]);
        log.Add(new byte[300 << 10]);
        var good = new ArrayBufferWriter<byte>();
        FalServerless.Protocol.LogEntryCodec.Write(good, LogEntryLevel.Info, LogEntrySource.User, DateTimeOffset.UnixEpoch, "good");
        log.Add(good.WrittenSpan);

        Assert.Equal("good", Assert.Single(log.Last(10)).Message);
        await Task.CompletedTask;
    }

    private static async Task<IReadOnlyList<LogEntry>> LogsAsync(RunningHost host, int id, string query)
    {
        var (status, body) = await host.SendAsync(HttpMethod.Get, Routes.Worker($"{id}") + Routes.WorkerLogs + query, []);
        Assert.Equal(200, status);
        return Read(body);
    }

    private static List<LogEntry> Read(byte[] body)
    {
        var reader = new MessagePackReader(body);
        var entries = new List<LogEntry>();
        for (var left = reader.ReadArrayHeader(); left > 0; left--)
        {
            Assert.Equal(4, reader.ReadArrayHeader());
            entries.Add(
                new()
                {
                    Level = (LogEntryLevel)reader.ReadInt32(),
                    Source = (LogEntrySource)reader.ReadInt32(),
                    Time = new(reader.ReadDateTime()),
                    Message = reader.ReadString()!,
                }
            );
        }

        Assert.True(reader.End);
        return entries;
    }

    internal static class Lines
    {
        public static int Write(int count)
        {
            Bodies.WriteLines(0, count);
            return Environment.ProcessId;
        }
    }
}
