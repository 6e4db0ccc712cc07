using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using FalServerless.Hosts;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Time;
using Microsoft.Extensions.Logging;

namespace FalServerless.IntegrationTests;

/// <summary>Calls that share a worker, through everything.</summary>
public sealed partial class SharedWorkerTests : IDisposable
{
    private const int Rounds = 200;

    private readonly LocalHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IsolatedOptions Options =>
        new()
        {
            Host = _host,
            MaxWorkers = 1,
            CallsPerWorker = 2,
        };

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task EachLineReachesTheCallThatWroteItByWhicheverWayItWasWritten()
    {
        using var folder = new TemporaryFolder();
        var (mine, other) = (folder.File("0"), folder.File("1"));
        var lines = new[] { new ConcurrentQueue<string>(), new ConcurrentQueue<string>() };
        var calls = Enumerable
            .Range(0, 2)
            .Select(number =>
                Isolated
                    .Create(
                        async (IsolatedContext ctx, int number) =>
                            await WriteAsync(ctx, number, number == 0 ? mine : other, number == 0 ? other : mine),
                        Options with
                        {
                            OnLog = entry => lines[number].Enqueue(entry.Message),
                        }
                    )
                    .InvokeAsync(number, Token)
            )
            .ToArray();

        var processes = await Task.WhenAll(calls).WaitAsync(Eventually.Limit, Token);

        Assert.Equal(processes[0], processes[1]);
        Assert.Equal(Expected(0), lines[0]);
        Assert.Equal(Expected(1), lines[1]);
    }

    [Fact]
    public async Task WhatNativeCodePrintsWithoutAnEndOfLineOrAFlushArrivesBeforeTheResult()
    {
        var lines = new List<string>();
        var print = Isolated.Create((int call) => PrintNatively(call), new() { Host = _host, OnLog = entry => lines.Add(entry.Message) });
        for (var call = 0; call < 50; call++)
        {
            lines.Clear();

            Assert.Equal(call, await print.InvokeAsync(call, Token));

            Assert.Equal([$"native {call}", $"and {call}"], lines);
        }
    }

    [Fact]
    public async Task ACallThatIgnoresItsCancellationEndsWithItsWorkerOnceItsNeighbourHasEnded()
    {
        using var folder = new TemporaryFolder();
        var go = folder.File("go");
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = Options with { CancellationGrace = TimeSpan.FromMilliseconds(50) };
        var neighbour = Isolated
            .Create((string file) => Bodies.SayAndWaitFor("started", file), options with { OnLog = _ => started.TrySetResult() })
            .InvokeAsync(go, Token);
        await started.Task.WaitAsync(Eventually.Limit, Token);
        var blocked = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ignoring = Isolated
            .Create(
                () => Bodies.SayAndBlock($"{Environment.ProcessId}"),
                options with
                {
                    OnLog = entry => blocked.TrySetResult(int.Parse(entry.Message)),
                }
            )
            .InvokeAsync(cancellation.Token);
        var worker = await blocked.Task.WaitAsync(Eventually.Limit, Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ignoring);
        Assert.NotEqual(worker, await Isolated.Create(() => Environment.ProcessId, options with { MaxWorkers = 2 }).InvokeAsync(Token));
        Assert.True(ProcessTable.IsAlive(worker));
        await File.WriteAllTextAsync(go, "", Token);
        Assert.True(await neighbour.WaitAsync(Eventually.Limit, Token));
        await Eventually.TrueAsync(() => !ProcessTable.IsAlive(worker), () => $"the worker {worker} is still there.");
    }

    private static IEnumerable<string> Expected(int number) =>
        Enumerable
            .Range(0, Rounds)
            .SelectMany(round => new[] { $"console {number} {round}", $"trace {number} {round}", $"logger {number} {round}" });

    private static async Task<int> WriteAsync(IsolatedContext context, int number, string mine, string other)
    {
        // Neither begins before both are there: else they might never run at once.
        await File.WriteAllTextAsync(mine, "");
        while (!File.Exists(other))
        {
            await Task.Delay(1, context.CancellationToken);
        }

        for (var round = 0; round < Rounds; round++)
        {
            Console.WriteLine($"console {number} {round}");
            await Task.Yield();
            Trace.TraceInformation($"trace {number} {round}");
            await Task.Run(() => context.Logger.LogInformation("logger {Number} {Round}", number, round));
        }

        return Environment.ProcessId;
    }

    private static int PrintNatively(int call)
    {
        Puts($"native {call}");
        Print("%s", $"and {call}");
        return call;
    }

    [LibraryImport("libc", EntryPoint = "puts", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Puts(string text);

    [LibraryImport("libc", EntryPoint = "printf", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Print(string format, string text);
}
