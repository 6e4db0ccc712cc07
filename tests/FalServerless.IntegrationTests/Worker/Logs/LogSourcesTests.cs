using System.Linq.Expressions;
using FalServerless.Tests.Shared.Time;
using static FalServerless.LogEntryLevel;

namespace FalServerless.IntegrationTests.Worker.Logs;

public class LogSourcesTests
{
    [Fact]
    public async Task TheLoggersLevelsTextsAndExceptionsArrive()
    {
        await using var home = new ScriptedHome();
        var call = Act(home, () => WorkerBodies.WriteLevels());

        await call.ResultAsync();

        Assert.Equal(
            [
                (Trace, "trace"),
                (Debug, "debug"),
                (Info, "info 42 text"),
                (Warning, "warning"),
                (Error, "error"),
                (Error, "System.InvalidOperationException: broken"),
                (Error, "critical"),
            ],
            call.Lines.Select(line => (line.Level, line.Message))
        );
    }

    [Fact]
    public async Task WhatIsTracedArrivesWithItsLevel()
    {
        await using var home = new ScriptedHome();
        var call = Act(home, () => WorkerBodies.TraceLevels());

        await call.ResultAsync();

        Assert.Equal(
            [
                (Debug, "half written"),
                (Info, "information 1"),
                (Warning, "warning"),
                (Error, "error"),
                (Error, "Assertion failed: must not be"),
                (Debug, "text: category"),
            ],
            call.Lines.Where(line => !line.Message.StartsWith("   at ", StringComparison.Ordinal) && line.Message.Length > 0)
                .Select(line => (line.Level, line.Message))
        );
    }

    [Fact]
    public async Task WhatIsWrittenForDebuggingArrives()
    {
        await using var home = new ScriptedHome();
        var call = Act(home, () => DebugBodies.Write());

        await call.ResultAsync();

        Assert.Equal(
            [(Debug, "debugging"), (Error, "Assertion failed: asserted")],
            call.Lines.Take(2).Select(line => (line.Level, line.Message))
        );
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(10, false)]
    [InlineData(1_000, true)]
    [InlineData(10_000, false)]
    [InlineData(10_000, true)]
    public async Task EveryLineIsThereBeforeTheResult(int count, bool flush)
    {
        await using var home = new ScriptedHome();
        var call = home.Invoke(() => WorkerBodies.WriteAndFlush(count, flush));

        Assert.Equal(count, await call.ResultAsync());
        Assert.Equal(Enumerable.Range(0, count).Select(i => $"line {i}"), call.Messages);
    }

    [Fact]
    public async Task WhatNativeCodePrintedIsInTheProcessesPipeOnceTheAnswerIs()
    {
        await using var home = new ScriptedHome();
        await Act(home, () => WorkerBodies.WriteNative("native\n")).ResultAsync();

        await Eventually.TrueAsync(() => home.Printed.Contains("native"), () => $"Printed: {string.Join('\n', home.Printed)}");
    }

    private static ScriptedCall Act(ScriptedHome home, Expression<Action> body) => home.Invoke(body);
}
