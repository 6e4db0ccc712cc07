using System.Linq.Expressions;
using FalServerless.Capture;

namespace FalServerless.UnitTests.Capture;

public class CaptureGuardTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void ACapturedVariableThatCannotBeSentIsRefusedAtOnceByNameWithASuggestion()
    {
        using var client = new HttpClient();
        var token = Token;
        Stream stream = new MemoryStream();
        var task = Task.FromResult(1);
        Action action = () => { };
        var thread = Thread.CurrentThread;
        nint pointer = 5;
        using var timer = new Timer(_ => { });

        Refuses(() => client.Timeout, "client", "HttpClient inside the body");
        Refuses(() => token.IsCancellationRequested, "token", "InvokeAsync");
        Refuses(() => stream.Length, "stream", "byte[]");
        Refuses(() => task.Result, "task", "Await it");
        Isolated.Create(() => action == null);
        Refuses(() => thread.Name, "thread", "inside the body");
        Refuses(() => pointer.ToString(), "pointer", "long");
        Refuses(() => timer == null, "timer", "inside the body");
    }

    [Fact]
    public async Task WhatIsHiddenInARecordIsRefusedWithThePathToIt()
    {
        using var client = new HttpClient();
        var job = new Job("a", new Connection(client));
        List<Job> jobs = [job];

        // Whether the field holds anything is known at the call only.
        var inRecord = await Assert.ThrowsAsync<CaptureException>(() => Isolated.Create(() => job.Name).InvokeAsync(Token));
        var inList = await Assert.ThrowsAsync<CaptureException>(() => Isolated.Create(() => jobs.Count).InvokeAsync(Token));

        Assert.Equal("job.Connection.Client", inRecord.Path);
        Assert.Contains("captured variable 'job'", inRecord.Message);
        Assert.Contains("HttpClient inside the body", inRecord.Message);
        Assert.Equal("jobs[0].Connection.Client", inList.Path);
    }

    [Fact]
    public void AnInputAndAResultAreRefusedAtOnceToo()
    {
        Assert.Contains("input 'stream'", Assert.Throws<CaptureException>(() => Isolated.Create((Stream stream) => stream.Length)).Message);
        Assert.Contains("result", Assert.Throws<CaptureException>(() => Isolated.Create(() => Stream.Null)).Message);
        Assert.Contains(
            "delegates do not come back",
            Assert.Throws<CaptureException>(() => Isolated.Create(() => new Func<int>[1])).Message
        );
    }

    [Fact]
    public void CapturingRunsNothingOfTheUsers()
    {
        var trap = new Trap();

        Isolated.Create(() => trap.Value + trap.ToString());
        Isolated.Create(() => new Trap().Value);

        Assert.Equal(0, Trap.Runs);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(1_001)]
    public void AnExpressionThatIsTooDeepIsRefused(int depth)
    {
        var error = Assert.Throws<CaptureException>(() => FunctionCapture.Capture(Expression.Lambda(Deep(depth))));

        Assert.Contains("deeper than", error.Message);
    }

    [Fact]
    public async Task ALazySequenceIsRefusedAndNotRunHere()
    {
        var ran = false;
        var lazy = Enumerable.Range(0, 3).Select(i => ran = true);

        var error = await Assert.ThrowsAsync<CaptureException>(() =>
            Isolated.Create(() => lazy.Count()).InvokeAsync(TestContext.Current.CancellationToken)
        );

        Assert.False(ran);
        Assert.Contains("captured variable 'lazy'", error.Message);
        Assert.Contains(".ToList()", error.Message);
    }

    private static Expression Deep(int depth)
    {
        Expression body = Expression.Constant(0);
        for (var i = 0; i < depth; i++)
        {
            body = Expression.Add(body, Expression.Constant(1));
        }

        return body;
    }

    private static CaptureException Refuses<T>(Expression<Func<T>> body, string variable, string suggestion)
    {
        var error = Assert.Throws<CaptureException>(() => Isolated.Create(body));
        Assert.Contains($"captured variable '{variable}'", error.Message);
        Assert.Contains(suggestion, error.Message);
        Assert.StartsWith(variable, error.Path);
        return error;
    }

    internal sealed record Job(string Name, Connection Connection);

    internal sealed record Connection(HttpClient Client);

    internal sealed class Trap
    {
        public static int Runs;

        public int Value => ++Runs;

        public override string ToString() => $"{++Runs}";
    }
}
