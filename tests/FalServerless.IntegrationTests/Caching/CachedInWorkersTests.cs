using System.Diagnostics;
using System.Runtime.CompilerServices;
using FalServerless.Hosts;
using FalServerless.IntegrationTests.Programs;
using FalServerless.Tests.Shared.Assemblies;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Caching;

/// <summary>In a worker results live as long as its process, and are the worker's own.</summary>
public sealed class CachedInWorkersTests : IDisposable
{
    private readonly LocalHost _host = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IsolatedOptions Options =>
        new()
        {
            Host = _host,
            MaxWorkers = 1,
            KeepAlive = TimeSpan.FromMinutes(10),
            OnLog = _ => { },
        };

    public void Dispose()
    {
        _host.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task TheSecondCallFindsWhatTheFirstMadeAndANewWorkerMakesItAgain()
    {
        var path = _folder.File("made");
        var slow = Cached.Create(() => CachedBodies.MakeSlowly(path).GetType().Name);
        var call = Isolated.Create(
            () => new { Result = $"The result is: {slow.Invoke()}", Process = Environment.ProcessId },
            Options with
            {
                KeepAlive = TimeSpan.FromMilliseconds(300),
            }
        );
        await Isolated.Create(() => 1, Options).InvokeAsync(Token);

        var time = Stopwatch.StartNew();
        var first = await call.InvokeAsync(Token);
        var computing = time.Elapsed;
        time.Restart();
        var second = await call.InvokeAsync(Token);
        var kept = time.Elapsed;
        await Eventually.TrueAsync(() => !ProcessTable.IsAlive(first.Process), () => "the worker stays.");
        var third = await call.InvokeAsync(Token);

        Assert.Equal("The result is: Object", first.Result);
        Assert.Equal(first, second);
        Assert.True(computing > TimeSpan.FromMilliseconds(200), $"{computing}");
        Assert.True(kept < computing, $"{kept} after {computing}");
        Assert.NotEqual(first.Process, third.Process);
        Assert.Equal(2, (await File.ReadAllLinesAsync(path, Token)).Length);
    }

    [Fact]
    public async Task WhatCannotBeSentIsKeptAsItIs()
    {
        var path = _folder.File("open");
        var client = Cached.Create(() => new HttpClient());
        var file = Cached.Create(() => new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read));
        var counter = Cached.Create(() =>
        {
            var count = 0;
            return (Func<int>)(() => ++count);
        });
        var task = Cached.Create(async () =>
        {
            await Task.Yield();
            return new Kept("", "task");
        });
        var call = Isolated.Create(
            async () =>
                new
                {
                    Client = RuntimeHelpers.GetHashCode(client.Invoke()),
                    Length = WriteByte(file.Invoke()),
                    Count = counter.Invoke()(),
                    (await task.Invoke()).Identity,
                },
            Options
        );

        var first = await call.InvokeAsync(Token);
        var second = await call.InvokeAsync(Token);

        Assert.Equal((first.Client, 1L, 1, first.Identity), (second.Client, first.Length, first.Count, second.Identity));
        Assert.Equal((2L, 2), (second.Length, second.Count));
    }

    [Fact]
    public async Task OneResultIsFoundFromEveryKindOfCode()
    {
        var number = 7;
        var kept = Cached.Create(() => new Kept($"{number}", "one"));
        var outer = Cached.Create((string prefix) => prefix + kept.Invoke().Identity);
        Func<string> captured = () => kept.Invoke().Identity;
        var holder = new Holder(kept, kept);
        var list = new List<CachedFunction<Kept>> { kept };

        var identity = await Isolated.Create(() => kept.Invoke().Identity, Options).InvokeAsync(Token);

        Assert.Equal(
            identity,
            await Isolated
                .FromDelegate(
                    () =>
                    {
                        var found = kept.Invoke();
                        return found.Identity;
                    },
                    Options
                )
                .InvokeAsync(Token)
        );
        Assert.Equal(
            identity,
            await Isolated
                .Create(
                    async () =>
                    {
                        await Task.Yield();
                        return kept.Invoke().Identity;
                    },
                    Options
                )
                .InvokeAsync(Token)
        );
        Assert.Equal("a " + identity, await Isolated.Create(() => outer.Invoke("a "), Options).InvokeAsync(Token));
        Assert.Equal("b " + identity, await Isolated.Create(() => outer.Invoke("b "), Options).InvokeAsync(Token));
        Assert.Equal(identity, await Isolated.Create(() => captured(), Options).InvokeAsync(Token));
        Assert.Equal(identity, await Isolated.Create(() => holder.Identities(), Options).InvokeAsync(Token));
        Assert.Equal(identity, await Isolated.Create(() => list[0].Invoke().Identity, Options).InvokeAsync(Token));
        Assert.Equal(
            identity,
            await Isolated.Create((CachedFunction<Kept> given) => given.Invoke().Identity, Options).InvokeAsync(kept, Token)
        );
        number = 8;
        var other = await Isolated.Create(() => kept.Invoke().Identity, Options).InvokeAsync(Token);
        Assert.NotEqual(identity, other);
        Assert.Equal(identity.Split(' ')[0], other.Split(' ')[0]);
    }

    [Fact]
    public async Task AStaticFieldsFunctionIsTheWorkersOwn()
    {
        var here = Holder.Shared.Invoke().Identity;
        var there = Isolated.Create(() => Holder.Shared.Invoke().Identity, Options);

        var identity = await there.InvokeAsync(Token);

        Assert.NotEqual(here, identity);
        Assert.Equal(identity, await there.InvokeAsync(Token));
        Assert.Equal(
            identity,
            await Isolated
                .Create(
                    async () =>
                    {
                        await Task.Yield();
                        return Holder.Shared.Invoke().Identity;
                    },
                    Options
                )
                .InvokeAsync(Token)
        );
    }

    [Fact]
    public async Task ItsCodeMayBeInAnAssemblyThatTheBodyDoesNotName()
    {
        var body = BuiltAssembly.Of(_folder.Path, "OfACachedFunction", 41).Body();
        var code = ((System.Linq.Expressions.MethodCallExpression)body.Body).Method.CreateDelegate<Func<int>>();
        var kept = Cached.Create(code);
        var holders = new[] { Cached.Create(() => kept.Invoke() + 1) };

        Assert.Equal(41, await Isolated.Create(() => kept.Invoke(), Options).InvokeAsync(Token));
        Assert.Equal(
            42,
            await Isolated
                .Create(
                    async () =>
                    {
                        await Task.Yield();
                        return holders[0].Invoke();
                    },
                    Options
                )
                .InvokeAsync(Token)
        );
    }

    [Fact]
    public async Task AnotherMachineTypeHasResultsOfItsOwn()
    {
        var kept = Cached.Create(() => new Kept("", "of a type"));
        var call = Isolated.Create(() => kept.Invoke().Identity, Options);

        var identity = await call.InvokeAsync(Token);

        Assert.NotEqual(identity, await call.On(machineType: "S").InvokeAsync(Token));
        Assert.Equal(identity, await call.InvokeAsync(Token));
    }

    [Fact]
    public async Task AFunctionDoesNotComeBack()
    {
        var kept = Cached.Create(() => 1);

        var error = Assert.Throws<CaptureException>(() => Isolated.Create(() => kept, Options));
        Assert.Contains("delegates do not come back", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<CaptureException>(() => Isolated.Create(() => (object)kept, Options).InvokeAsync(Token));
        Assert.Contains("delegates do not come back", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhoWaitsComputesItselfWhenTheFirstCallIsCancelled(bool isTask)
    {
        var path = _folder.File("made");
        var options = Options with { CallsPerWorker = 2 };
        var sync = Cached.Create(() => WaitOnce(path));
        var asynchronous = Cached.Create(() => WaitOnceAsync(path));
        var call = isTask
            ? Isolated.Create(
                async () =>
                {
                    Console.WriteLine("asks");
                    return await asynchronous.Invoke();
                },
                options
            )
            : Isolated.FromDelegate(
                () =>
                {
                    Console.WriteLine("asks");
                    return sync.Invoke();
                },
                options
            );
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var first = call.InvokeAsync(cancellation.Token);
        await Eventually.TrueAsync(() => File.Exists(path), () => "nobody computes.");
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var second = call.On(onLog: _ => waiting.TrySetResult()).InvokeAsync(Token);
        await waiting.Task.WaitAsync(Eventually.Limit, Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal("made by the second", await second.WaitAsync(Eventually.Limit, Token));
        Assert.Equal(2, (await File.ReadAllLinesAsync(path, Token)).Length);
    }

    [Fact]
    public async Task TheLogOfAComputationGoesToTheCallThatStartedIt()
    {
        var lines = new List<string>();
        var kept = Cached.Create(() =>
        {
            Console.WriteLine($"for {IsolatedContext.Current!.MachineType}");
            return IsolatedContext.Current.InvocationId;
        });
        var call = Isolated.Create(
            () => kept.Invoke() == IsolatedContext.Current!.InvocationId,
            Options with
            {
                OnLog = entry => lines.Add(entry.Message),
            }
        );

        Assert.True(await call.InvokeAsync(Token));
        Assert.False(await call.InvokeAsync(Token));

        Assert.Equal(["for XS"], lines);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(0)]
    public async Task WhatIsKeptIsDisposedOfWhenTheWorkerGoesTheLastMadeFirst(int keepAlive)
    {
        var path = _folder.File("disposed");
        var first = Cached.Create(() => new Kept(path, "first"));
        var second = Cached.Create(async () =>
        {
            await Task.Yield();
            return new KeptAsync(path, "second, of a task");
        });
        var third = Cached.Create((string name) => new Kept(path, name));
        var outer = Cached.Create(() => (third.Invoke("throws"), third.Invoke("inner")).Item2);
        var call = Isolated.Create(
            async () => $"{Environment.ProcessId} {first.Invoke().IsLive} {(await second.Invoke()).Name} {outer.Invoke().IsLive}",
            Options with
            {
                KeepAlive = TimeSpan.FromMilliseconds(keepAlive),
            }
        );

        var process = int.Parse((await call.InvokeAsync(Token)).Split(' ')[0]);

        await Eventually.TrueAsync(() => !ProcessTable.IsAlive(process), () => "the worker stays.");
        Assert.Equal(["inner", "second, of a task", "first"], await File.ReadAllLinesAsync(path, Token));
    }

    [Fact]
    public async Task AHostThatEndsHasItsIdleWorkersDisposeOfWhatTheyKeepAndWaitsNotForOneThatHangs()
    {
        var path = _folder.File("disposed");
        var kept = Cached.Create((string name) => new Kept(path, name));
        var call = Isolated.Create((string name) => kept.Invoke(name).Identity, Options);
        await call.InvokeAsync("hangs", Token);
        await call.On(machineType: "S").InvokeAsync("goes", Token);
        var processes = ProcessTable.ChildrenOf((await _host.RuntimeAsync()).ProcessId);
        var time = Stopwatch.StartNew();

        _host.Dispose();

        Assert.True(time.Elapsed < LocalRuntime.EndLimit, $"{time.Elapsed}");
        Assert.Equal(["goes", "hangs"], (await File.ReadAllLinesAsync(path, Token)).Order());
        Assert.DoesNotContain(processes, ProcessTable.IsAlive);
    }

    [Fact]
    public async Task AProgramThatEndsHasWhatItsWorkersKeepDisposedOf()
    {
        await using var program = ChildProgram.Start(ChildProgram.Keep);

        Assert.Equal(7, await program.WaitForExitAsync());

        Assert.Equal(["kept"], await File.ReadAllLinesAsync(Path.Combine(program.Temporary, ChildProgram.Keep), Token));
    }

    private static long WriteByte(FileStream file)
    {
        file.WriteByte(1);
        return file.Length;
    }

    private static string WaitOnce(string path)
    {
        var isFirst = !File.Exists(path);
        CachedBodies.Note(path);
        if (isFirst)
        {
            var token = IsolatedContext.Current!.CancellationToken;
            token.WaitHandle.WaitOne();
            token.ThrowIfCancellationRequested();
        }

        return "made by the second";
    }

    private static async Task<string> WaitOnceAsync(string path)
    {
        var isFirst = !File.Exists(path);
        CachedBodies.Note(path);
        if (isFirst)
        {
            await Task.Delay(Timeout.Infinite, IsolatedContext.Current!.CancellationToken);
        }

        return "made by the second";
    }
}
