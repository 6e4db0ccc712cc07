using FalServerless;
using FalServerless.Testing;
using Xunit;

// One host for the whole project: whatever class asks for it gets the same.
[assembly: AssemblyFixture(typeof(LocalHostFixture))]

namespace Testing;

public class SharedHostTests(LocalHostFixture fixture)
{
    private readonly IsolatedOptions _options = new() { Host = fixture.Host };

    [Fact]
    public async Task ALambdaRunsInAWorker()
    {
        var worker = Isolated.Create(() => Environment.ProcessId, _options);

        Assert.NotEqual(Environment.ProcessId, await worker.InvokeAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WhatIsCachedStaysInTheWorkerOfTheFixture()
    {
        var model = Cached.Create(() => Guid.NewGuid());
        var use = Isolated.Create(() => model.Invoke(), _options);

        Assert.Equal(
            await use.InvokeAsync(TestContext.Current.CancellationToken),
            await use.InvokeAsync(TestContext.Current.CancellationToken)
        );
    }
}

public class OtherSharedHostTests(LocalHostFixture fixture)
{
    [Theory]
    [InlineData("Ada")]
    [InlineData("Grace")]
    public async Task TestsThatRunBesideEachOtherSeeTheirOwnLinesOnly(string name)
    {
        var greet = Isolated.Create(() => Console.WriteLine($"hello {name}"), new() { Host = fixture.Host });

        await greet.InvokeAsync(TestContext.Current.CancellationToken);

        Assert.Equal($"hello {name}", TestContext.Current.TestOutputHelper!.Output.Trim());
    }
}
