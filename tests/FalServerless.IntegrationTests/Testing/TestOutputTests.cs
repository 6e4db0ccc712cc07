using FalServerless.Testing;

namespace FalServerless.IntegrationTests.Testing;

/// <summary>Two classes, whose tests run at the same time.</summary>
public abstract class TestOutputTests(LocalHostFixture fixture)
{
    private const int Calls = 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string[] Output =>
        TestContext.Current.TestOutputHelper!.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public async Task LinesGoToTheTestThatMadeTheCall()
    {
        var name = GetType().Name;
        var say = Isolated.Create((int number) => Console.WriteLine($"{name} {number}"), new() { Host = fixture.Host });

        for (var i = 0; i < Calls; i++)
        {
            await say.InvokeAsync(i, Cancellation);
        }

        Assert.Equal(Enumerable.Range(0, Calls).Select(i => $"{name} {i}"), Output);
    }

    [Fact]
    public async Task LinesOfCallsThatATestMakesAtOnceAllGoThere()
    {
        var name = GetType().Name;
        var say = Isolated.Create(
            (int number) => Console.WriteLine($"{name} {number}"),
            new()
            {
                Host = fixture.Host,
                CallsPerWorker = Calls,
                MaxWorkers = 1,
            }
        );

        await Task.WhenAll(Enumerable.Range(0, Calls).Select(i => Task.Run(() => say.InvokeAsync(i, Cancellation))));

        Assert.Equal(
            Enumerable.Range(0, Calls).Select(i => $"{name} {i}").Order(StringComparer.Ordinal),
            Output.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task LinesOfABlockingCallAndOfAStreamGoThereToo()
    {
        Isolated.Create(() => Console.WriteLine("blocking"), new() { Host = fixture.Host }).Invoke();

        await foreach (var item in Isolated.FromDelegate(() => Numbers(), new() { Host = fixture.Host }).Invoke())
        {
            Assert.Equal(1, item);
        }

        Assert.Equal(["blocking", "stream"], Output);
    }

    [Fact]
    public async Task AFunctionWithAReceiverOfItsOwnKeepsIt()
    {
        var lines = new List<string>();
        var say = Isolated.Create(
            () => Console.WriteLine("mine"),
            new() { Host = fixture.Host, OnLog = entry => lines.Add(entry.Message) }
        );

        await say.InvokeAsync(Cancellation);

        Assert.Equal(["mine"], lines);
        Assert.Empty(Output);
    }

    private static async IAsyncEnumerable<int> Numbers()
    {
        Console.WriteLine("stream");
        await Task.Yield();
        yield return 1;
    }
}

public class FirstTestOutputTests(LocalHostFixture fixture) : TestOutputTests(fixture), IClassFixture<LocalHostFixture>;

public class SecondTestOutputTests(LocalHostFixture fixture) : TestOutputTests(fixture), IClassFixture<LocalHostFixture>;
