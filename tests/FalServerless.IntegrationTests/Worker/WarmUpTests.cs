using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Worker;

public class WarmUpTests
{
    [Fact]
    public async Task AWorkerThatWaitsPreparesWhatCallsNeedAndNobodySeesIt()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a process has loaded is read from /proc.");
        await using var home = new ScriptedHome();
        var maps = $"/proc/{home.ProcessId}/maps";

        // Of the compiler of expressions a worker needs nothing before a call; the last of its own calls makes a query.
        await Eventually.TrueAsync(
            () =>
                File.ReadAllText(maps) is var loaded
                && loaded.Contains("System.Linq.Expressions.dll")
                && loaded.Contains("System.Linq.dll"),
            () => "nothing was prepared."
        );

        Assert.Empty(home.Printed);
        Assert.Equal(42, await home.Invoke(() => 42).ResultAsync());
        Assert.Empty(home.Printed);
    }

    [Fact]
    public async Task ACallThatComesWhileTheWorkerPreparesItselfIsAnswered()
    {
        for (var milliseconds = 0; milliseconds < 100; milliseconds += 10)
        {
            await using var home = new ScriptedHome();
            await Task.Delay(milliseconds, TestContext.Current.CancellationToken);

            Assert.Equal(milliseconds, await home.Invoke(() => milliseconds).ResultAsync());
        }
    }
}
