using FalServerless.IntegrationTests.Programs;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Hosts;

public class ProcessLifetimeTests
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(ChildProgram.Call, 7)]
    [InlineData(ChildProgram.Create, 0)]
    [InlineData(ChildProgram.Restart, 7)]
    [InlineData(ChildProgram.Cancel, 7)]
    public async Task AProgramThatEndsLeavesNoProcessAndNoFolder(string mode, int exitCode)
    {
        await using var program = ChildProgram.Start(mode);

        Assert.Equal(exitCode, await program.WaitForExitAsync());

        await AllAreGoneAsync(program);
        Assert.Empty(program.Folders());
    }

    [Fact]
    public async Task AProgramThatEndsByAnExceptionLeavesNoProcess()
    {
        await using var program = ChildProgram.Start(ChildProgram.Throw);

        Assert.NotEqual(0, await program.WaitForExitAsync());

        await AllAreGoneAsync(program);
    }

    [Fact]
    public async Task AProgramThatIsKilledWhileItsWorkersAreBusyLeavesNoProcessAndTheNextOneClearsItsFolder()
    {
        await using var program = ChildProgram.Start(ChildProgram.Busy);
        await program.WaitUntilReadyAsync();
        var descendants = program.Descendants();
        Assert.True(descendants.Count >= 1 + ChildProgram.BusyWorkers, $"Only {descendants.Count} processes were found.");

        program.Kill();

        await AllAreGoneAsync(program);
        Assert.All(descendants, id => Assert.False(ProcessTable.IsAlive(id)));
        var abandoned = Directory.CreateDirectory(Path.Combine(program.Temporary, $"fal-{program.ProcessId}-abcdefgh")).FullName;
        await program.WaitForExitAsync();

        await using var next = ChildProgram.Start(ChildProgram.Call, program.Temporary);
        Assert.Equal(7, await next.WaitForExitAsync());

        Assert.False(Directory.Exists(abandoned));
        Assert.Empty(program.Folders());
    }

    private static Task AllAreGoneAsync(ChildProgram program) =>
        Eventually.TrueAsync(
            () => program.Descendants().Count == 0,
            EndLimit,
            () => $"processes {string.Join(", ", program.Descendants())} are still there."
        );
}
