using System.Text.Json;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Tool;

public class WorkerCommandsTests(RemoteCli cli) : IClassFixture<RemoteCli>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AWorkerIsListedItsLinesAreShownAndItIsStopped()
    {
        var function = Isolated.Create(
            (string line) => Bodies.SayTwice(line),
            new()
            {
                Host = cli.Host.Host,
                MachineType = "S",
                KeepAlive = TimeSpan.FromMinutes(10),
                OnLog = _ => { },
            }
        );
        await function.InvokeAsync("\x1b[31mred\x1b[0m\tline\a", Token);

        var worker = Assert.Single(
            (await cli.JsonAsync("worker", "list")).EnumerateArray(),
            worker => worker.GetProperty("machineType").GetString() == "S"
        );
        var id = worker.GetProperty("id").GetString();
        Assert.Equal(
            ("idle", 0, 1),
            (worker.GetProperty("state").GetString(), worker.GetProperty("running").GetInt32(), worker.GetProperty("calls").GetInt32())
        );
        Assert.True(worker.GetProperty("memoryBytes").GetInt64() > 1 << 20);
        Assert.True(worker.GetProperty("started").GetDateTimeOffset() < worker.GetProperty("keepAliveEnds").GetDateTimeOffset());
        Assert.Equal(JsonValueKind.Null, worker.GetProperty("environment").ValueKind);
        var table = (await cli.OutputAsync("worker", "list")).Split('\n');
        Assert.StartsWith("ID ", table[0], StringComparison.Ordinal);
        Assert.All(table, line => Assert.True(line.Length <= 80, line));
        Assert.Contains(
            table,
            line => line.StartsWith($"{id} ", StringComparison.Ordinal) && line.Contains(" idle ", StringComparison.Ordinal)
        );

        Assert.Equal("red\tline\nred\tline\n", await cli.OutputAsync("worker", "logs", id!));
        Assert.Equal("red\tline\n", await cli.OutputAsync("worker", "logs", id!, "--lines", "1"));
        Assert.Matches(
            @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z red\tline\n",
            await cli.OutputAsync("worker", "logs", id!, "--timestamps")
        );
        var entry = (await cli.JsonAsync("worker", "logs", id!)).EnumerateArray().First();
        Assert.Equal(
            ("info", "user", "\x1b[31mred\x1b[0m\tline\a"),
            (entry.GetProperty("level").GetString(), entry.GetProperty("source").GetString(), entry.GetProperty("message").GetString())
        );

        var stopped = await cli.JsonAsync("worker", "stop", id!);
        Assert.Equal((id, "stopping"), (stopped.GetProperty("id").GetString(), stopped.GetProperty("outcome").GetString()));
        await Eventually.TrueAsync(() => !ProcessTable.IsAlive(int.Parse(id!)), () => "it runs still.");
    }

    [Fact]
    public async Task ABusyWorkerEndsAfterItsCallsUnlessItIsForced()
    {
        using var folder = new TemporaryFolder();
        var running = new TaskCompletionSource();
        var path = folder.File("go");
        var call = Isolated
            .Create(
                () => Bodies.SayAndWaitFor("running", path),
                new()
                {
                    Host = cli.Host.Host,
                    MachineType = "XS",
                    OnLog = _ => running.TrySetResult(),
                }
            )
            .InvokeAsync(Token);
        await running.Task.WaitAsync(Eventually.Limit, Token);
        var id = Assert
            .Single((await cli.JsonAsync("worker", "list")).EnumerateArray(), worker => worker.GetProperty("state").GetString() == "busy")
            .GetProperty("id")
            .GetString();

        Assert.Equal(
            $"The worker {id} takes no new calls, and ends after those that it runs.\n",
            await cli.OutputAsync("worker", "stop", id!)
        );

        Assert.Equal(
            "draining",
            Assert
                .Single((await cli.JsonAsync("worker", "list")).EnumerateArray(), worker => worker.GetProperty("id").GetString() == id)
                .GetProperty("state")
                .GetString()
        );
        File.WriteAllText(path, "");
        Assert.True(await call);

        running = new();
        var forced = Isolated
            .Create(
                () => Bodies.SayAndBlock("running"),
                new()
                {
                    Host = cli.Host.Host,
                    MachineType = "XS",
                    OnLog = _ => running.TrySetResult(),
                }
            )
            .InvokeAsync(Token);
        await running.Task.WaitAsync(Eventually.Limit, Token);
        id = Assert
            .Single((await cli.JsonAsync("worker", "list")).EnumerateArray(), worker => worker.GetProperty("state").GetString() == "busy")
            .GetProperty("id")
            .GetString();
        Assert.Equal($"The worker {id} ends.\n", await cli.OutputAsync("worker", "stop", id!, "--force"));
        await Assert.ThrowsAsync<WorkerCrashedException>(() => forced);
    }

    [Fact]
    public async Task AWorkerThatIsNoneIsSaid()
    {
        var unknown = await cli.RunAsync("worker", "logs", "2147483647");
        var wrong = await cli.RunAsync("worker", "stop", "all");
        var noLines = await cli.RunAsync("worker", "logs", "1", "--lines", "0");

        Assert.Equal((1, 1, 2), (unknown.ExitCode, wrong.ExitCode, noLines.ExitCode));
        Assert.Equal(
            "fal-serverless: This host has no worker '2147483647'. 'fal-serverless worker list' shows its workers.\n",
            unknown.Errors
        );
        Assert.Contains("This host has no worker 'all'. 'fal-serverless worker list' shows its workers.", wrong.Errors);
        Assert.Contains("--lines is '0'; it must be a number, 1 at least.", noLines.Errors);
    }
}
