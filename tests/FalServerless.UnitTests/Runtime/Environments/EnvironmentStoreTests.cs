using System.Collections.Concurrent;
using FalServerless.Runtime.Environments;
using FalServerless.Tests.Shared.Environments;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.UnitTests.Runtime.Environments;

/// <summary>
/// The store by itself: what is built here is a file, so that it can be built hundreds of times. Two stores on one folder are as two hosts:
/// their locks are the kernel's.
/// </summary>
public class EnvironmentStoreTests : IDisposable
{
    private const string Content = "whole";

    private static readonly EnvironmentDefinition A = PackageFeed.Definition("A==1.0");

    private readonly TemporaryFolder _folder = new();
    private int _builds;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AnEnvironmentIsBuiltOnceHoweverManyAskForItInOneHostAndInSeveral()
    {
        var hosts = Enumerable.Range(0, 8).Select(_ => Store(BuildAsync)).ToArray();

        var uses = await Task.WhenAll(Enumerable.Range(0, 80).Select(number => Task.Run(() => AcquireAsync(hosts[number % hosts.Length]))));

        Assert.Equal(1, _builds);
        Assert.All(uses, use => Assert.Equal(Content, File.ReadAllText(Path.Combine(use.Path, "A.dll"))));
        Assert.All(uses, use => Assert.Equal(["a"], use.AssemblyNames.Select(name => name.ToLowerInvariant())));
        await EndAsync(hosts, uses);
    }

    [Fact]
    public async Task AnEnvironmentInUseIsNotRemovedByAnyHost()
    {
        var (here, there) = (Store(BuildAsync), Store(BuildAsync));
        var use = await AcquireAsync(here);
        var second = here.TryShare(A.Key);

        use.Dispose();
        Assert.Equal((Removal.InUse, Removal.InUse), (here.Remove(A.Key), there.Remove(A.Key)));
        Assert.True(Assert.Single(there.List()).IsInUse);

        second!.Dispose();
        Assert.Null(here.TryShare(A.Key));
        Assert.False(Assert.Single(there.List()).IsInUse);
        Assert.Equal((Removal.Removed, Removal.Unknown), (there.Remove(A.Key), here.Remove(A.Key)));
        Assert.Equal(["locks"], Entries());
        await EndAsync([here, there]);
    }

    [Fact]
    public async Task RemovalsThatRaceWithCallsNeverShowHalfAnEnvironment()
    {
        var hosts = Enumerable.Range(0, 4).Select(_ => Store(BuildAsync)).ToArray();
        using var enough = new CancellationTokenSource();
        var outcomes = new ConcurrentQueue<Removal>();
        var removing = Enumerable
            .Range(0, 24)
            .Select(number =>
                Task.Run(async () =>
                {
                    while (!enough.IsCancellationRequested)
                    {
                        outcomes.Enqueue(hosts[number % hosts.Length].Remove(A.Key));
                        await Task.Yield();
                    }
                })
            )
            .ToArray();

        var uses = 0;
        await Task.WhenAll(
                Enumerable
                    .Range(0, 8)
                    .Select(number =>
                        Task.Run(async () =>
                        {
                            for (var round = 0; round < 25; round++)
                            {
                                using var use = await AcquireAsync(hosts[number % hosts.Length]);
                                Assert.Equal(Content, await File.ReadAllTextAsync(Path.Combine(use.Path, "A.dll")));
                                await Task.Yield();
                                Assert.Equal(Content, await File.ReadAllTextAsync(Path.Combine(use.Path, "sub", "B.so")));
                                Interlocked.Increment(ref uses);
                            }
                        })
                    )
            )
            .WaitAsync(2 * Eventually.Limit, TestContext.Current.CancellationToken);
        await enough.CancelAsync();
        await Task.WhenAll(removing);

        Console.WriteLine(
            $"{uses} uses, {_builds} builds, {outcomes.Count(outcome => outcome == Removal.Removed)} removals of {outcomes.Count} tried"
        );
        Assert.Equal(200, uses);
        Assert.InRange(outcomes.Count(outcome => outcome == Removal.Removed), _builds - 1, _builds);
        await EndAsync(hosts);
    }

    [Fact]
    public async Task WhatIsNotAsItsManifestSaysIsBuiltAnew()
    {
        var other = PackageFeed.Definition("Other==1.0");
        var manifest = Path.Combine(_folder.Path, A.Key.ToString(), "manifest.json");
        Action[] damages =
        [
            () => File.WriteAllText(manifest, File.ReadAllText(manifest)[..100]),
            () => File.WriteAllText(manifest, ""),
            () => File.WriteAllText(manifest, "null"),
            () => File.WriteAllText(manifest, "{\"key\":1}"),
            () => File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("a[1.0.0]", "a[2.0.0]", StringComparison.Ordinal)),
            () =>
                File.WriteAllText(
                    manifest,
                    File.ReadAllText(manifest).Replace(A.Key.ToString(), other.Key.ToString(), StringComparison.Ordinal)
                ),
            () => File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"A.dll\"", "\"../../A.dll\"", StringComparison.Ordinal)),
            () => File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"A.dll\"", "null", StringComparison.Ordinal)),
            () => File.Delete(manifest),
            () => File.Delete(Path.Combine(_folder.Path, A.Key.ToString(), "packages", "A.dll")),
            () => File.WriteAllText(Path.Combine(_folder.Path, A.Key.ToString(), "packages", "A.dll"), "wh"),
            () => File.WriteAllText(Path.Combine(_folder.Path, A.Key.ToString(), "packages", "Planted.dll"), "x"),
            () => Directory.Delete(Path.Combine(_folder.Path, A.Key.ToString(), "packages"), recursive: true),
        ];
        await using var store = Store(BuildAsync);
        (await AcquireAsync(store)).Dispose();

        for (var i = 0; i < damages.Length; i++)
        {
            damages[i]();
            using var use = await AcquireAsync(store);
            Assert.Equal(
                (i, i + 2, Content),
                (i, _builds, await File.ReadAllTextAsync(Path.Combine(use.Path, "A.dll"), TestContext.Current.CancellationToken))
            );
        }
    }

    [Fact]
    public async Task TheLongestUnusedGoBeyondTheLimitAndNoneThatIsInUse()
    {
        var time = new ManualTime();
        var definitions = Enumerable.Range(0, 5).Select(number => PackageFeed.Definition($"P{number}")).ToArray();
        var size = 2 * Content.Length;
        await using var store = new EnvironmentStore(_folder.Path, 3 * size, BuildAsync, time);
        await using var elsewhere = Store(BuildAsync);
        async Task<EnvironmentLease> Use(EnvironmentStore host, int number)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            return await host.AcquireAsync(definitions[number], (_, _) => { }, TestContext.Current.CancellationToken);
        }

        (await Use(store, 0)).Dispose();
        (await Use(store, 1)).Dispose();
        (await Use(store, 2)).Dispose();
        var longest = await Use(elsewhere, 1);
        (await Use(store, 0)).Dispose();
        (await Use(store, 3)).Dispose();
        Assert.Equal([0, 1, 3], Numbers());
        (await Use(store, 4)).Dispose();
        Assert.Equal([1, 3, 4], Numbers());
        longest.Dispose();

        IEnumerable<int> Numbers() =>
            store.List().Select(listed => Array.FindIndex(definitions, definition => definition.Key == listed.Key)).Order();
    }

    [Fact]
    public async Task AFailedBuildLeavesNothingAndTheNextCallTriesAgain()
    {
        var fails = true;
        await using var store = Store(
            async (definition, folder, log, stop) =>
            {
                var packages = await BuildAsync(definition, folder, log, stop);
                return fails ? throw new EnvironmentBuildFailure("It fails.", "A==1.0") : packages;
            }
        );

        var errors = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Record.ExceptionAsync(() => AcquireAsync(store)).AsTask()));
        Assert.All(errors, error => Assert.Equal("A==1.0", Assert.IsType<EnvironmentBuildFailure>(error).Requirement));
        Assert.Equal(["locks"], Entries());

        fails = false;
        (await AcquireAsync(store)).Dispose();
    }

    [Fact]
    public async Task ABuildStopsWhenNobodyWaitsForItAnyMoreAndNotBefore()
    {
        var stopped = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        await using var store = Store(
            async (definition, folder, log, stop) =>
            {
                await BuildAsync(definition, folder, log, stop);
                begun.TrySetResult();
                await using var _ = stop.Register(stopped.SetResult);
                await Task.Delay(Timeout.Infinite, stop);
                return [];
            }
        );
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var waits = new[] { first, second }.Select(stop => store.AcquireAsync(A, (_, _) => { }, stop.Token)).ToArray();
        await begun.Task.WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);

        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits[0]);
        Assert.False(stopped.Task.IsCompleted);

        await second.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waits[1]);
        await stopped.Task.WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Entries().SequenceEqual(["locks"]), () => string.Join(", ", Entries()));
    }

    [Fact]
    public async Task WhoComesLaterHearsWhatTheBuildHasSaidAndWhoWaitsForAnotherHostHearsThat()
    {
        var go = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        async Task<IReadOnlyList<ResolvedPackage>> Slowly(
            EnvironmentDefinition definition,
            string folder,
            BuildLog log,
            CancellationToken stop
        )
        {
            log(LogEntryLevel.Info, "first");
            begun.TrySetResult();
            await go.Task;
            log(LogEntryLevel.Warning, "second");
            return await BuildAsync(definition, folder, log, stop);
        }

        await using var here = Store(Slowly);
        await using var there = Store(Slowly);
        var logs = Enumerable.Range(0, 3).Select(_ => new ConcurrentQueue<string>()).ToArray();
        Task<EnvironmentLease> Acquire(EnvironmentStore store, int number) =>
            store.AcquireAsync(A, (_, line) => logs[number].Enqueue(line), TestContext.Current.CancellationToken);
        var first = Acquire(here, 0);
        await begun.Task.WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
        var second = Acquire(here, 1);
        var third = Acquire(there, 2);
        await Eventually.TrueAsync(() => logs[1].Contains("first") && !logs[2].IsEmpty, () => "nothing was said");
        go.SetResult();

        await EndAsync([], await Task.WhenAll(first, second, third));
        Assert.Equal(["first", "second"], logs[0]);
        Assert.Equal(["first", "second"], logs[1]);
        Assert.Equal(["Another program is building the environment of A==1.0; waiting for it."], logs[2]);
    }

    [Fact]
    public async Task WhatDeadBuildersAndRemoversLeftIsCleared()
    {
        foreach (
            var name in new[]
            {
                $".building-{A.Key}-abcdefgh",
                $".removing-{A.Key}-abcdefgh",
                $".building-{PackageFeed.Definition("B").Key}-abcdefgh",
            }
        )
        {
            Directory.CreateDirectory(_folder.File(name + "/packages"));
            await File.WriteAllTextAsync(_folder.File(name + "/packages/half.dll"), "ha", TestContext.Current.CancellationToken);
        }

        await using var store = Store(BuildAsync);
        (await AcquireAsync(store)).Dispose();

        Assert.Equal([A.Key.ToString(), "locks"], Entries().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task TheFolderIsForItsOwnerOnly()
    {
        await using var store = new EnvironmentStore(_folder.File("new"), long.MaxValue, BuildAsync, TimeProvider.System);
        (await AcquireAsync(store)).Dispose();

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(_folder.File("new"))
            );
        }
    }

    [Fact]
    public void TheKeyIsTheSameHoweverTheRequirementsAreWritten()
    {
        Assert.Equal(PackageFeed.Definition("A==1.0", "B").Key, PackageFeed.Definition("b ", "a[1.0.0, 1.0]", "A==1").Key);
        Assert.NotEqual(PackageFeed.Definition("A==1.0").Key, PackageFeed.Definition("A>=1.0").Key);
        Assert.NotEqual(PackageFeed.Definition("A", "B").Key, PackageFeed.Definition("A").Key);
    }

    private static Task<EnvironmentLease> AcquireAsync(EnvironmentStore store) =>
        store.AcquireAsync(A, (_, _) => { }, TestContext.Current.CancellationToken);

    private static async Task EndAsync(IReadOnlyList<EnvironmentStore> stores, params EnvironmentLease[] uses)
    {
        Array.ForEach(uses, use => use.Dispose());
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    private EnvironmentStore Store(BuildEnvironment build) => new(_folder.Path, long.MaxValue, build, TimeProvider.System);

    private IEnumerable<string?> Entries() => Directory.EnumerateDirectories(_folder.Path).Select(Path.GetFileName);

    private async Task<IReadOnlyList<ResolvedPackage>> BuildAsync(
        EnvironmentDefinition definition,
        string folder,
        BuildLog log,
        CancellationToken cancellationToken
    )
    {
        Interlocked.Increment(ref _builds);
        var packages = EnvironmentFolder.Packages(folder);
        Directory.CreateDirectory(Path.Combine(packages, "sub"));
        await File.WriteAllTextAsync(Path.Combine(packages, "A.dll"), Content, cancellationToken);
        await Task.Yield();
        await File.WriteAllTextAsync(Path.Combine(packages, "sub", "B.so"), Content, cancellationToken);
        return [new("A", "1.0.0")];
    }
}
