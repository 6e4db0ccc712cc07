using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using FalServerless.IntegrationTests.Programs;
using FalServerless.Runtime.Environments;
using FalServerless.Tests.Shared.Assemblies;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Environments;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Environments;

public class RequirementsInAWorkerTests
{
    [Fact]
    public async Task APackageThatOnlyTheBodyUsesComesFromItsEnvironment()
    {
        using var feed = new TemporaryFolder();
        using var host = new FalServerless.Hosts.LocalHost(new Dictionary<string, string> { ["FAL_ENVIRONMENTS"] = feed.Path });
        var options = new IsolatedOptions
        {
            Host = host,
            Requirements = [PackageBodies.Humanizer, "Humanizer.Core.de==2.14.1"],
            OnLog = _ => { },
        };

        Assert.Equal(
            "forty-two",
            await Isolated
                .FromDelegate((int number) => PackageBodies.Words(number), options)
                .InvokeAsync(42, TestContext.Current.CancellationToken)
        );
        Assert.Equal(
            "zweiundvierzig",
            await Isolated
                .FromDelegate((int number) => PackageBodies.GermanWords(number), options)
                .InvokeAsync(42, TestContext.Current.CancellationToken)
        );

        Assert.False(File.Exists(Path.Combine(AppContext.BaseDirectory, "Humanizer.dll")));
        Assert.DoesNotContain(AppDomain.CurrentDomain.GetAssemblies(), assembly => assembly.GetName().Name == "Humanizer");
    }

    [Fact]
    public async Task APackageWithANativeLibraryWorksInABodyOnAMachineType()
    {
        using var folder = new TemporaryFolder();
        using var host = new FalServerless.Hosts.LocalHost(new Dictionary<string, string> { ["FAL_ENVIRONMENTS"] = folder.Path });

        var options = new IsolatedOptions
        {
            Host = host,
            MachineType = "S",
            Requirements = PackageBodies.Sqlite,
            OnLog = _ => { },
        };

        var answer = await Isolated
            .FromDelegate((int rows) => PackageBodies.Query(rows), options)
            .InvokeAsync(1000, TestContext.Current.CancellationToken);
        var files = await Isolated
            .FromDelegate(() => PackageBodies.QueryFiles(), options)
            .InvokeAsync(TestContext.Current.CancellationToken);

        Console.WriteLine($"sqlite in a worker: {answer}");
        Assert.StartsWith("500500 by 3.", answer, StringComparison.Ordinal);

        // The host has a copy of its own, beside the worker's program: that one is not what a body gets.
        Assert.True(files.Length >= 2, string.Join(", ", files));
        Assert.All(files, file => Assert.StartsWith(folder.Path, file, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ABodyHasItsOwnVersionOfAPackageThatFalServerlessUsesItself()
    {
        using var folder = new TemporaryFolder();
        using var host = new FalServerless.Hosts.LocalHost(new Dictionary<string, string> { ["FAL_ENVIRONMENTS"] = folder.Path });
        var own = new IsolatedOptions { Host = host, OnLog = _ => { } };
        var other = own with { Requirements = ["MessagePack==2.1.90", "Polly.Core==8.4.2"] };
        var here = PackageBodies.Pack("", []);

        foreach (var (options, messagePack, polly) in new[] { (other, "2.1.90", "8.4.2"), (own, here[0], here[1]) })
        {
            // What goes to the body and comes back is packed by the worker's version of the package.
            var answer = await Isolated
                .FromDelegate((string text, int[] numbers) => PackageBodies.Pack(text, numbers), options)
                .InvokeAsync("naïve 😀", [1, 300, -5], TestContext.Current.CancellationToken);

            Assert.Equal([messagePack, polly, "92ab6e61c3af766520f09f98809301cd012cfb"], answer);
        }
    }

    [Fact]
    public async Task VersionsOfOnePackageWorkSideBySideAlsoBesideTheClientsOwn()
    {
        using var feed = new PackageFeed();
        feed.Add("Side", "1.0.0", 1);
        feed.Add("Side", "1.5.0", 15);
        feed.Add("Side", "2.0.0-beta", 2);
        using var host = feed.Host();
        var lines = new ConcurrentQueue<LogEntry>();
        var options = new IsolatedOptions { Host = host, OnLog = lines.Enqueue };
        var own = BuiltAssembly.Of(Directory.CreateDirectory(feed.File("own")).FullName, "Side", 3).Body();
        Task<object?> CallAsync(params string[] requirements) => Remote.CallAsync(own, options with { Requirements = requirements });

        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(
                [3, 1, 15, 2],
                await Task.WhenAll(CallAsync(), CallAsync("Side==1.0"), CallAsync("side"), CallAsync("Side==2.0.0-beta"))
            );
        }

        // A newer version does not change what a floating one became.
        feed.Add("Side", "1.6.0", 16);
        Assert.Equal(15, await CallAsync("Side"));
        var builds = lines
            .Where(line => line.Source == LogEntrySource.Build && line.Level >= LogEntryLevel.Info)
            .Select(line => line.Message)
            .ToArray();
        Assert.Equal(3, builds.Count(line => line.StartsWith("Restoring ", StringComparison.Ordinal)));
        Assert.Contains(
            builds,
            line =>
                line.StartsWith("Restored 1 package in ", StringComparison.Ordinal)
                && line.EndsWith("Side 1.5.0.", StringComparison.Ordinal)
        );
        await using var store = feed.Store();
        Assert.Equal(
            ["1.0.0", "1.5.0", "2.0.0-beta"],
            store.List().Select(listed => Assert.Single(listed.Manifest.Packages).Version).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task WhatCannotBeRestoredIsAnErrorOfItsOwnAndItsLogComesAsBuildLines()
    {
        using var feed = new PackageFeed();
        feed.Add("Present", "1.0.0", 1);
        using var host = feed.Host();
        var lines = new ConcurrentQueue<LogEntry>();
        var function = Isolated.Create(
            () => 1,
            new()
            {
                Host = host,
                Requirements = ["Present", "Absent==1.0"],
                OnLog = lines.Enqueue,
            }
        );

        var error = await Assert.ThrowsAsync<EnvironmentBuildException>(() => function.InvokeAsync(TestContext.Current.CancellationToken));

        Assert.Equal("Absent==1.0", error.Requirement);
        Assert.Contains("NU1101: Unable to find package Absent.", error.Message, StringComparison.Ordinal);
        Assert.All(lines, line => Assert.Equal(LogEntrySource.Build, line.Source));
        Assert.Equal("Restoring Absent==1.0, Present.", lines.First().Message);
        Assert.Contains(lines, line => line.Level == LogEntryLevel.Error && line.Message.StartsWith("NU1101", StringComparison.Ordinal));
        Assert.Equal(1, await function.On(requirements: []).InvokeAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["locks"], Directory.EnumerateDirectories(feed.Environments).Select(Path.GetFileName));
    }

    [Fact]
    public async Task AHostWithoutAnSdkSaysSo()
    {
        using var folder = new TemporaryFolder();
        var root = Path.GetFullPath(
            Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")
        );
        foreach (var part in new[] { "host", "shared", "dotnet" })
        {
            File.CreateSymbolicLink(folder.File(part), Path.Combine(root, part));
        }

        File.Delete(folder.File("dotnet"));
        File.Copy(Path.Combine(root, "dotnet"), folder.File("dotnet"));
        using var host = new FalServerless.Hosts.LocalHost(
            new Dictionary<string, string>
            {
                ["FAL_ENVIRONMENTS"] = folder.File("environments"),
                ["DOTNET_ROOT"] = folder.Path,
                ["PATH"] = folder.Path,
            }
        );

        var error = await Assert.ThrowsAsync<EnvironmentBuildException>(() =>
            Isolated.Create(() => 1, new() { Host = host, Requirements = ["A"] }).InvokeAsync(TestContext.Current.CancellationToken)
        );

        Assert.Contains("this host has no .NET SDK, only a runtime", error.Message, StringComparison.Ordinal);
        Assert.Contains("Install the SDK of net10.0 on the host", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, await Isolated.Create(() => 1, new() { Host = host }).InvokeAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task ACallsTimeoutCountsTheBuildAndTheRestoreEndsWithTheLastWhoWaits()
    {
        using var feed = new PackageFeed();
        feed.Add("Present", "1.0.0", 1);
        using var host = feed.Host();
        var began = new TaskCompletionSource();
        var function = Isolated.Create(
            () => 1,
            new()
            {
                Host = host,
                Requirements = ["Present"],
                Timeout = TimeSpan.FromMilliseconds(300),
                OnLog = _ => began.TrySetResult(),
            }
        );

        await Assert.ThrowsAsync<TimeoutException>(() => function.InvokeAsync(TestContext.Current.CancellationToken));
        await Eventually.TrueAsync(
            () =>
                !IsRestoring(feed.Environments)
                && Directory.EnumerateDirectories(feed.Environments).All(path => Path.GetFileName(path) == "locks"),
            () => "the restore goes on"
        );

        Assert.True(began.Task.IsCompleted);
    }

    [Fact]
    public async Task AGatewayThatIsKilledTakesItsRestoreAlongAndTheNextCallBuildsCleanly()
    {
        using var feed = new PackageFeed();
        feed.Add("Present", "1.0.0", 7);

        // A source that takes requests and never answers: the restore does not end by itself for minutes.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        feed.UseSource($"http://{silent.LocalEndpoint}/v3/index.json");
        var body = BuiltAssembly.Of(Directory.CreateDirectory(feed.File("own")).FullName, "Present", 3).Body();
        using var host = feed.Host();
        var options = new IsolatedOptions
        {
            Host = host,
            Requirements = ["Present"],
            OnLog = _ => { },
        };
        var runtime = await host.RuntimeAsync();
        var call = Remote.CallAsync(body, options);
        await Eventually.TrueAsync(() => IsRestoring(feed.Environments) && silent.Pending(), () => "no restore began");

        ProcessTable.Kill(runtime.ProcessId);

        await Assert.ThrowsAsync<HostUnreachableException>(() => call);
        await Eventually.TrueAsync(() => !IsRestoring(feed.Environments), () => "the restore goes on");
        Assert.Contains(
            Directory.EnumerateDirectories(feed.Environments),
            path => Path.GetFileName(path).StartsWith(".building-", StringComparison.Ordinal)
        );
        feed.UseSource(null);
        Assert.Equal(7, await Remote.CallAsync(body, options));
        Assert.DoesNotContain(Directory.EnumerateDirectories(feed.Environments), path => Path.GetFileName(path).StartsWith('.'));
    }

    [Fact]
    public async Task TheClientsOwnFolderIsWhereItsConfigurationIsLookedFor()
    {
        using var host = new FalServerless.Hosts.LocalHost();

        var runtime = await host.RuntimeAsync();

        Assert.Contains(
            $"--configuration\0{AppContext.BaseDirectory}\0",
            await File.ReadAllTextAsync($"/proc/{runtime.ProcessId}/cmdline", TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task ManyProcessesThatAskForOneNewEnvironmentAtOnceRestoreItOnce()
    {
        const int Programs = 48;
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string> { ["FAL_ENVIRONMENTS"] = folder.Path };
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var programs = Enumerable.Range(0, Programs).Select(_ => ChildProgram.Start(ChildProgram.Require, settings: settings)).ToArray();

        var ends = await Task.WhenAll(programs.Select(program => program.RunToEndAsync(6 * Eventually.Limit)));

        var lines = ends.SelectMany(end => end.Output.Split('\n')).ToArray();
        Console.WriteLine(
            $"{Programs} processes: {lines.Count(line => line.StartsWith("Restoring ", StringComparison.Ordinal))} restore, "
                + $"{lines.Count(line => line.StartsWith("Another program ", StringComparison.Ordinal))} waited for it, "
                + $"{watch.Elapsed.TotalSeconds:0.0} s"
        );
        Assert.All(ends, end => Assert.True(end.ExitCode == 7, end.Output));
        Assert.Single(lines, line => line.StartsWith("Restoring ", StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("Restored ", StringComparison.Ordinal));
        await Task.WhenAll(programs.Select(program => program.DisposeAsync().AsTask()));
    }

    // By the folder that the SDK's process works in.
    private static bool IsRestoring(string environments) =>
        ProcessTable
            .Naming(RestoreProject.FileName)
            .Any(id => new FileInfo($"/proc/{id}/cwd").LinkTarget?.StartsWith(environments, StringComparison.Ordinal) == true);
}
