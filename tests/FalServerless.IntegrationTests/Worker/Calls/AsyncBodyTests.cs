using System.Text.RegularExpressions;

namespace FalServerless.IntegrationTests.Worker.Calls;

public class AsyncBodyTests
{
    [Fact]
    public async Task ATaskIsAwaitedInTheWorkerAndItsValueTravels()
    {
        await using var home = new ScriptedHome();

        Assert.Equal(5, await home.Invoke(() => WorkerBodies.TaskOf(5)).ResultAsync());
        Assert.Equal("later", await home.Invoke(() => WorkerBodies.ValueTaskOf("later")).ResultAsync());
        Assert.Equal(7, await home.Invoke(() => Task.FromResult(7)).ResultAsync());
        Assert.Null(await home.Invoke(() => WorkerBodies.Nothing()).ResultAsync());
    }

    [Fact]
    public async Task AnExceptionBehindAnAwaitArrives()
    {
        await using var home = new ScriptedHome();

        var error = Assert.IsType<InvalidOperationException>(await home.Invoke(() => WorkerBodies.ThrowLater()).FailureAsync());

        Assert.Equal("later", error.Message);
        Assert.IsType<FormatException>(error.InnerException);
        Assert.Contains($"{nameof(WorkerBodies)}.cs:line", error.StackTrace);
        Assert.Single(Regex.Matches(error.StackTrace!, "End of stack trace"));
    }

    [Fact]
    public async Task LinesAroundAnAwaitArriveInOrderBeforeTheResult()
    {
        await using var home = new ScriptedHome();

        var call = home.Invoke(() => WorkerBodies.WriteThen(100));

        Assert.Equal(100, await call.ResultAsync());
        Assert.Equal([.. Enumerable.Range(0, 100).Select(i => $"line {i}"), "unfinished"], call.Messages);
    }

    [Fact]
    public async Task WhatABodyLeavesInItsFlowIsGoneAtTheNextCall()
    {
        await using var home = new ScriptedHome();
        var first = await home.Invoke(() => WorkerBodies.LeaveBehind("mine")).ResultAsync();

        Assert.Equal(first, await home.Invoke(() => WorkerBodies.LeaveBehind("mine")).ResultAsync());
    }

    [Fact]
    public async Task TheContextTellsOfItsCallAndFlowsWithIt()
    {
        await using var home = new ScriptedHome();

        var call = home.Invoke(() => WorkerBodies.Describe());

        Assert.Equal($"{call.Id:n} M {ScriptedHome.DataPath} True", await call.ResultAsync());
        Assert.Equal(true, await home.Invoke(() => WorkerBodies.KeepsContext()).ResultAsync());
        Assert.Equal(false, await home.Invoke(() => WorkerBodies.HasContextOutside()).ResultAsync());
        Assert.Null(IsolatedContext.Current);
    }
}
