using FalServerless.Runtime.Scheduling;
using FalServerless.Runtime.Workers;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Scripted;
using FalServerless.Tests.Shared.Time;
using Microsoft.Extensions.Logging;

namespace FalServerless.IntegrationTests.Runtime;

/// <summary>What the log of a host tells whoever operates it.</summary>
public class HostLogTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ACrashIsOneLineWithItsCauseAndItsCall()
    {
        await using var host = await ServedHost.StartAsync();
        var crash = Isolated.Create(
            () => System.Diagnostics.Process.GetCurrentProcess().Kill(),
            new() { Host = host.Host, Name = "crasher" }
        );

        await Assert.ThrowsAsync<WorkerCrashedException>(() => crash.InvokeAsync(Token));

        await Eventually.TrueAsync(() => host.Log.Contains("crashed", StringComparison.Ordinal), () => host.Log);
        var line = Assert.Single(Lines(host), line => line.Contains("crashed", StringComparison.Ordinal));
        Assert.Matches(@"^\S+Z warning: The worker \d+ of machine type XS crashed \(Killed\), with the call [0-9a-f]{32} on it: ", line);
        Assert.DoesNotContain(Lines(host), line => line.Contains("was refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AnIdleWorkerThatCrashesIsALineToo()
    {
        await using var host = await ServedHost.StartAsync();
        var process = await Isolated
            .Create(() => Environment.ProcessId, new() { Host = host.Host, KeepAlive = TimeSpan.FromMinutes(1) })
            .InvokeAsync(Token);

        ProcessTable.Kill(process);

        await Eventually.TrueAsync(
            () =>
                host.Log.Contains(
                    $"The worker {process} of machine type XS crashed (Killed), with no call on it",
                    StringComparison.Ordinal
                ),
            () => host.Log
        );
    }

    [Fact]
    public async Task ARefusedCallIsALineWithItsNameKeyAndReason()
    {
        await using var host = await ServedHost.StartAsync("--cpus", "1");
        var large = Isolated.Create(
            () => 42,
            new()
            {
                Host = host.Host,
                MachineType = "XL",
                Name = "line\nbreak",
            }
        );

        await Assert.ThrowsAsync<MachineUnavailableException>(() => large.InvokeAsync(Token));

        await Eventually.TrueAsync(() => host.Log.Contains("was refused", StringComparison.Ordinal), () => host.Log);
        Assert.Matches(
            $@"^\S+Z warning: The call [0-9a-f]{{32}} \(line\\u000abreak\) of key {host.Key.Id} was refused \(MachineUnavailable\): ",
            Assert.Single(Lines(host), line => line.Contains("was refused", StringComparison.Ordinal))
        );
    }

    [Fact]
    public async Task ARefusedRequestIsALineOnlyWhereItsKeyIsGood()
    {
        await using var host = await ServedHost.StartAsync();

        await host.SendAsync(HttpMethod.Get, "/v1/workers", authorization: "Key nobody:nothing");
        await host.SendAsync(HttpMethod.Get, "/v1/workers");

        await Eventually.TrueAsync(() => host.Log.Contains("was refused", StringComparison.Ordinal), () => host.Log);
        Assert.Contains(
            $"GET /v1/workers of key {host.Key.Id} was refused with status 403: ",
            Assert.Single(Lines(host), line => line.Contains("was refused", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("debug", true)]
    [InlineData("info", false)]
    public async Task AccessLinesComeAtLevelDebugAndWithoutSecrets(string level, bool isLogged)
    {
        await using var host = await ServedHost.StartAsync("--log-level", level);

        Assert.Equal(42, await Isolated.Create(() => 42, new() { Host = host.Host }).InvokeAsync(Token));
        host.Signal();
        await host.WaitForExitAsync();

        Assert.Equal(
            isLogged,
            Lines(host).Any(line => line.Contains($" debug: POST /v1/invocations: status 200 after ", StringComparison.Ordinal))
        );
        Assert.DoesNotContain(host.Key.Secret, host.Log);
    }

    [Fact]
    public async Task AStartThatFailsAndOneThatIsSlowAreLines()
    {
        var log = new RecordedLog();
        ScriptedHost? host = null;
        Task? unanswered = null;
        var starts = 0;
        await using (
            host = await ScriptedHost.StartAsync(
                new ScriptedSettings
                {
                    Log = log,
                    Starting = _ =>
                    {
                        if (++starts == 1)
                        {
                            throw new WorkerStartException("No more processes.");
                        }

                        host!.Time.Advance(WorkerStarter.SlowStart);
                        return Task.CompletedTask;
                    },
                }
            )
        )
        {
            using var failed = await host.PostAsync(ScriptedHost.Request());
            await failed.NextAsync();
            unanswered = host.PostAsync(ScriptedHost.Request());
            await Eventually.TrueAsync(
                () => log.Lines.Any(line => line.Contains("to start", StringComparison.Ordinal)),
                () => string.Join('\n', log.Lines)
            );
        }

        await Task.WhenAny(unanswered!);
        Assert.Contains("Error: A worker of machine type XS could not be started: No more processes.", log.Lines);
        Assert.Contains("Warning: A worker of machine type XS took 5.0 s to start.", log.Lines);
    }

    private static string[] Lines(ServedHost host) => host.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private sealed class RecordedLog : ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            lock (_lines)
            {
                _lines.Add($"{logLevel}: {formatter(state, exception)}");
            }
        }
    }
}
