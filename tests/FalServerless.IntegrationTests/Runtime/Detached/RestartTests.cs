using FalServerless.IntegrationTests.Programs;
using FalServerless.IntegrationTests.Runtime.Gateway;
using FalServerless.Protocol.Http;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Detached;

/// <summary>What remains of detached calls when their host ends, in whatever way, and starts again.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task FinishedCallsStayWaitingOnesRunAndARunningOneIsInterruptedOrRunAgain()
    {
        await using var served = await RestartingHost.StartAsync();
        var host = await served.WithKeyAsync();
        var folder = _folder.Path;
        var function = Isolated.Create(
            (IsolatedContext ctx, string name) => DetachedBodies.NoteAndWaitAsync(folder, name, ctx.CancellationToken),
            new()
            {
                Host = host,
                MachineType = "S",
                MaxWorkers = 1,
            }
        );
        var retried = function.On(maxWorkers: 2, retries: 1);
        var ended = await Isolated
            .Create(() => DetachedBodies.CountAsync(300, CancellationToken.None), new() { Host = host })
            .SubmitAsync(Token);
        var failed = await Isolated.Create((int value) => 1 / value, new() { Host = host }).SubmitAsync(0, Token);
        Assert.Equal(300, await (await ended.GetResultAsync(Token)).CountAsync(Token));
        await Assert.ThrowsAsync<DivideByZeroException>(() => failed.GetResultAsync(Token));
        var running = await function.SubmitAsync("running", Token);
        var again = await retried.SubmitAsync("again", Token);
        await Eventually.TrueAsync(
            () => DetachedBodies.Runs(folder, "running") == 1 && DetachedBodies.Runs(folder, "again") == 1,
            () => served.Said
        );
        var waiting = new List<Invocation<int>>();
        for (var i = 0; i < 5; i++)
        {
            waiting.Add(await function.SubmitAsync($"waiting{i}", Token));
        }

        await running.GetLogsAsync(cancellationToken: Token).FirstAsync(Token);
        await served.KillAsync();
        File.WriteAllText(_folder.File("go"), "");
        await served.StartAgainAsync();

        Assert.Equal(300, await (await ended.GetResultAsync(Token)).CountAsync(Token));
        await Assert.ThrowsAsync<DivideByZeroException>(() => failed.GetResultAsync(Token));
        var error = await Assert.ThrowsAsync<WorkerCrashedException>(() => running.GetResultAsync(Token));
        Assert.Contains("Retries are 0", error.Message);
        Assert.Equal(InvocationStatus.Interrupted, running.Status);
        Assert.Equal("running", Assert.Single(await running.GetLogsAsync(cancellationToken: Token).ToListAsync(Token)).Message);
        Assert.Equal(7, await again.GetResultAsync(Token));
        Assert.All(await Task.WhenAll(waiting.Select(call => call.GetResultAsync(Token))), result => Assert.Equal(7, result));
        Assert.Equal((1, 2), (DetachedBodies.Runs(folder, "running"), DetachedBodies.Runs(folder, "again")));
        Assert.All(Enumerable.Range(0, 5), i => Assert.Equal(1, DetachedBodies.Runs(folder, $"waiting{i}")));
    }

    [Fact]
    public async Task AHostThatIsAskedToEndLetsRunningCallsEndAndLeavesTheOthersToTheNext()
    {
        await using var served = await RestartingHost.StartAsync();
        var host = await served.WithKeyAsync();
        var folder = _folder.Path;
        var function = Isolated.Create(
            (IsolatedContext ctx, string name) => DetachedBodies.NoteAndWaitAsync(folder, name, ctx.CancellationToken),
            new()
            {
                Host = host,
                MachineType = "S",
                MaxWorkers = 1,
            }
        );
        var running = await function.SubmitAsync("running", Token);
        await Eventually.TrueAsync(() => DetachedBodies.Runs(folder, "running") == 1, () => served.Said);
        var waiting = await function.SubmitAsync("waiting", Token);

        served.AskToEnd();
        await Eventually.TrueAsync(() => served.Said.Contains("1 call may run on", StringComparison.Ordinal), () => served.Said);
        await Assert.ThrowsAnyAsync<FalServerlessException>(() => function.SubmitAsync("refused", Token));
        File.WriteAllText(_folder.File("go"), "");
        Assert.Equal(0, await served.EndedAsync());
        Assert.Equal(0, DetachedBodies.Runs(folder, "waiting"));
        await served.StartAgainAsync();

        Assert.Equal(7, await running.GetResultAsync(Token));
        Assert.Equal(7, await waiting.GetResultAsync(Token));
        Assert.Equal(
            (1, 1, 0),
            (DetachedBodies.Runs(folder, "running"), DetachedBodies.Runs(folder, "waiting"), DetachedBodies.Runs(folder, "refused"))
        );
    }

    [Fact]
    public async Task AFolderThatIsNoStoreIsAnErrorAtTheStartThatNamesIt()
    {
        await using var served = await RestartingHost.StartAsync();
        var host = await served.WithKeyAsync();
        await (await Isolated.Create(() => 1, new() { Host = host }).SubmitAsync(Token)).GetResultAsync(Token);
        Assert.Equal(0, await served.EndAsync());
        var store = Path.Combine(served.State, "detached", "detached.db");
        File.WriteAllBytes(store, DetachedBodies.Bytes(8192));

        var (exitCode, error) = await served.FailToStartAsync();

        Assert.NotEqual(0, exitCode);
        Assert.Contains(store, error);
        Assert.Contains("damaged", error);
        Assert.DoesNotContain("   at ", error);
    }

    [Fact]
    public async Task AnotherProgramFindsACallByItsIdAndItsTypes()
    {
        await using var served = await RestartingHost.StartAsync();
        var key = await served.KeyAsync();
        var run = await Isolated.Create(() => new Found("here", 7), new() { Host = new SocketHost(served.Socket, key) }).SubmitAsync(Token);

        await using var program = ChildProgram.Start(
            ChildProgram.Find,
            settings: new Dictionary<string, string>
            {
                ["FAL_TEST_SOCKET"] = served.Socket,
                ["FAL_TEST_KEY"] = key,
                ["FAL_TEST_ID"] = $"{run.Id}",
            }
        );
        var (exitCode, output) = await program.RunToEndAsync(2 * Eventually.Limit);

        Assert.True(exitCode == 7, output);
        Assert.Contains("Found { Text = here, Number = 7 }", output);
    }

    [Fact]
    public async Task ACallBelongsToItsKeyAndAnAdminSeesAll()
    {
        await using var served = await RestartingHost.StartAsync();
        var (own, other, admin) = (await served.WithKeyAsync(), await served.WithKeyAsync(), await served.WithKeyAsync("admin"));
        var run = await Isolated.Create(() => 1, new() { Host = own }).SubmitAsync(Token);
        await run.GetResultAsync(Token);

        await Assert.ThrowsAsync<InvocationNotFoundException>(() => Invocation.FindAsync(run.Id, other, cancellationToken: Token));
        Assert.Equal(1, await (await Invocation.FindAsync<int>(run.Id, admin, cancellationToken: Token)).GetResultAsync(Token));
        Assert.Equal([run.Id], (await ListAsync(own)).Select(call => call.Id));
        Assert.Empty(await ListAsync(other));
        var record = Assert.Single(await ListAsync(admin));
        Assert.Equal((InvocationStatus.Succeeded, 1, 0, 1L), (record.Status, record.Attempts, record.Retries, record.Events));
        Assert.Equal("XS", record.MachineType);
        Assert.True(record.Created <= record.Started && record.Started <= record.Ended);
    }

    [Fact]
    public async Task ARepeatedRequestNeverRunsACallTwiceAlsoAfterARestart()
    {
        await using var served = await RestartingHost.StartAsync();
        var key = await served.KeyAsync();
        var folder = _folder.Path;
        var id = Guid.NewGuid();
        byte[] Request(TimeSpan? age) =>
            RunningHost.Request(
                (string path, int number) => DetachedBodies.NoteAndReturnAsync(path, number),
                request => request with { Id = id, Retries = 0, Age = age },
                folder,
                5
            );
        using var http = new SocketClient(served.Socket, key);

        await http.UploadAsync(Request(null), Token);
        Assert.Equal(202, await http.PostAsync(Request(null), Token));
        Assert.Equal(202, await http.PostAsync(Request(TimeSpan.FromSeconds(1)), Token));
        Assert.Equal(400, await http.PostAsync(Request(null), Token));
        var run = await Invocation.FindAsync<int>(id, new SocketHost(served.Socket, key), cancellationToken: Token);
        Assert.Equal(5, await run.GetResultAsync(Token));
        await served.KillAsync();
        await served.StartAgainAsync();
        Assert.Equal(202, await http.PostAsync(Request(TimeSpan.FromSeconds(60)), Token));
        Assert.Equal(400, await http.PostAsync(Request(null), Token));

        using var another = new SocketClient(served.Socket, await served.KeyAsync());
        Assert.Equal(400, await another.PostAsync(Request(TimeSpan.FromSeconds(60)), Token));
        Assert.Equal(5, await run.GetResultAsync(Token));
        Assert.Equal(1, DetachedBodies.Runs(folder, "5"));
    }

    [Theory]
    [InlineData("GET", "/v1/invocations/zz", 404)]
    [InlineData("GET", "/v1/invocations/00000000000000000000000000000000", 404)]
    [InlineData("GET", "/v1/invocations/../../x/events", 404)]
    [InlineData("GET", "/v1/invocations/..%2f..%2fdetached.db/events", 404)]
    [InlineData("DELETE", "/v1/invocations/zz", 400)]
    [InlineData("PUT", "/v1/invocations", 405)]
    public async Task HostileIdsAreRefused(string method, string path, int status)
    {
        await using var served = await RestartingHost.StartAsync();
        using var http = new SocketClient(served.Socket, await served.KeyAsync());
        var run = await Isolated.Create(() => 1, new() { Host = await served.WithKeyAsync() }).SubmitAsync(Token);
        await run.GetResultAsync(Token);

        Assert.Equal(status, await http.SendAsync(new(method), path, Token));
    }

    [Fact]
    public async Task QueriesThatAskForNothingAreRefused()
    {
        await using var served = await RestartingHost.StartAsync();
        var key = await served.KeyAsync();
        using var http = new SocketClient(served.Socket, key);
        var run = await Isolated.Create(() => 1, new() { Host = new SocketHost(served.Socket, key) }).SubmitAsync(Token);
        await run.GetResultAsync(Token);

        foreach (var query in new[] { "from=-1", "from=x", "from=99999999999999999999", "follow=maybe", "only=secrets" })
        {
            Assert.Equal(400, await http.SendAsync(HttpMethod.Get, $"{Routes.Invocation(run.Id)}{Routes.EventsSuffix}?{query}", Token));
        }

        Assert.Equal(200, await http.SendAsync(HttpMethod.Get, $"{Routes.Invocation(run.Id)}{Routes.EventsSuffix}?from=7", Token));
    }

    [Fact]
    public async Task HalfAPayloadLeavesNothing()
    {
        await using var served = await RestartingHost.StartAsync();
        var key = await served.KeyAsync();
        using var http = new SocketClient(served.Socket, key);
        var host = new SocketHost(served.Socket, key);
        await (await Isolated.Create((byte[] bytes) => bytes.Length, new() { Host = host }).SubmitAsync([1], Token)).GetResultAsync(Token);
        var id = Guid.NewGuid();
        var request = RunningHost.Request(
            (byte[] bytes) => bytes.Length,
            request => request with { Id = id, Retries = 0 },
            DetachedBodies.Bytes(8 << 20)
        );

        await http.BreakOffAsync(request, request.Length / 2, Token);

        var files = Path.Combine(served.State, "detached", "files");
        await Eventually.TrueAsync(
            () => Directory.GetFiles(files, $"{id:n}*").Length == 0,
            () => string.Join(", ", Directory.GetFiles(files))
        );
        await Assert.ThrowsAsync<InvocationNotFoundException>(() => Invocation.FindAsync(id, host, cancellationToken: Token));
        Assert.Equal(202, await http.PostAsync(request, Token));
        Assert.Equal(8 << 20, await (await Invocation.FindAsync<int>(id, host, cancellationToken: Token)).GetResultAsync(Token));
        await Eventually.TrueAsync(() => Directory.GetFiles(files).Length == 0, () => string.Join(", ", Directory.GetFiles(files)));
    }

    private static async Task<IReadOnlyList<InvocationRecord>> ListAsync(SocketHost host) =>
        await new FalServerless.Transport.DetachedClient(await host.ConnectAsync(Token)).ListAsync(Token);

    internal sealed record Found(string Text, int Number);
}
