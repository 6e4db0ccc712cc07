using FalServerless.Protocol;
using FalServerless.Protocol.Worker;
using FalServerless.Tests.Shared.Scripted;

namespace FalServerless.UnitTests.Runtime.Workers;

/// <summary>What a worker prints past its connection.</summary>
public class PrintedLinesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task LinesOfTheProcessGoToEachOfItsCalls(int calls)
    {
        await using var host = await ScriptedHost.StartAsync();
        var requests = Enumerable
            .Range(0, calls)
            .Select(_ => ScriptedHost.Request(environment => environment with { CallsPerWorker = calls }))
            .ToArray();
        var posting = requests.Select(host.PostAsync).ToArray();
        var worker = host.NextWorker();
        var running = requests.Select(_ => worker.NextCall().Id).ToArray();

        worker.Print("out", isError: false);
        worker.Print("err", isError: true);
        foreach (var id in running)
        {
            worker.Send(WorkerFrameKind.Result, id, 1);
        }

        foreach (var one in posting)
        {
            using var events = await one;
            Assert.Equal([(LogEntryLevel.Info, "out"), (LogEntryLevel.Error, "err")], [await EntryAsync(events), await EntryAsync(events)]);
            Assert.Equal(InvocationEventKind.Result, (await events.NextAsync()).Kind);
        }
    }

    private static async Task<(LogEntryLevel Level, string Message)> EntryAsync(CallEvents events)
    {
        var (kind, payload) = await events.NextAsync();
        Assert.Equal(InvocationEventKind.Log, kind);
        var entry = LogEntryCodec.Read(new(payload));
        return (entry.Level, entry.Message);
    }
}
