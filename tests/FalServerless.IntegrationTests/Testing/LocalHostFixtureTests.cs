using FalServerless.Hosts;
using FalServerless.IntegrationTests.Programs;
using FalServerless.IntegrationTests.Runtime.Environments;
using FalServerless.Testing;
using FalServerless.Tests.Shared.Calls;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Testing;

public class LocalHostFixtureTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FixturesBesideEachOtherHaveDataOfTheirOwn()
    {
        LocalHostFixture[] fixtures = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => LocalHostFixture.StartAsync(new() { Prewarmed = 0 }))
        );
        try
        {
            for (var i = 0; i < fixtures.Length; i++)
            {
                await File.WriteAllTextAsync(Path.Combine(fixtures[i].DataPath, "number.txt"), $"{i}", Cancellation);
            }

            var read = Isolated.Create(ctx => File.ReadAllText(Path.Combine(ctx.DataPath, "number.txt")));
            var numbers = await Task.WhenAll(fixtures.Select(fixture => read.On(host: fixture.Host).InvokeAsync(Cancellation)));

            Assert.Equal(["0", "1", "2"], numbers);
        }
        finally
        {
            await Task.WhenAll(fixtures.Select(fixture => fixture.DisposeAsync().AsTask()));
        }
    }

    [Fact]
    public async Task WhatBodiesWriteAndWhatIsUploadedLiesInTheDataPath()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("sent.txt"), "sent", Cancellation);
        await using var fixture = await LocalHostFixture.StartAsync();

        await SyncDir.UploadAsync(folder.Path, "/data/uploaded", new() { Host = fixture.Host }, cancellationToken: Cancellation);
        await Isolated
            .Create(ctx => File.WriteAllText(Path.Combine(ctx.DataPath, "written.txt"), "written"), new() { Host = fixture.Host })
            .InvokeAsync(Cancellation);

        Assert.Equal("sent", await File.ReadAllTextAsync(Path.Combine(fixture.DataPath, "uploaded", "sent.txt"), Cancellation));
        Assert.Equal("written", await File.ReadAllTextAsync(Path.Combine(fixture.DataPath, "written.txt"), Cancellation));
    }

    [Fact]
    public async Task DisposalEndsBusyWorkersAndLeavesNoProcessAndNoFolder()
    {
        var fixture = await LocalHostFixture.StartAsync();
        var folder = Path.GetFullPath(Path.Combine(fixture.DataPath, "..", ".."));
        var runtime = await ((LocalHost)fixture.Host).RuntimeAsync();
        var running = new TaskCompletionSource();
        var call = Isolated
            .Create(() => Bodies.SayAndBlock("running"), new() { Host = fixture.Host, OnLog = _ => running.TrySetResult() })
            .InvokeAsync(Cancellation);
        await running.Task.WaitAsync(Eventually.Limit, Cancellation);
        var closed = Directory.CreateDirectory(Path.Combine(fixture.DataPath, "closed"));
        await File.WriteAllTextAsync(Path.Combine(closed.FullName, "kept.txt"), "kept", Cancellation);
        if (!OperatingSystem.IsWindows())
        {
            closed.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserExecute;
        }

        await fixture.DisposeAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => call);
        Assert.False(ProcessTable.IsAlive(runtime.ProcessId));
        Assert.False(Directory.Exists(folder));
        Assert.False(Directory.Exists(runtime.Directory));
        await Eventually.TrueAsync(() => ProcessTable.Naming(runtime.Directory).Count == 0, () => "a worker is still there.");
        Assert.Throws<ObjectDisposedException>(() => Isolated.Create(() => 1, new() { Host = fixture.Host }).Invoke());
        await fixture.DisposeAsync();
    }

    [Fact]
    public async Task AHostThatDoesNotStartSaysWhyAndLeavesNothing()
    {
        await using var program = ChildProgram.Start(
            ChildProgram.Fixture,
            settings: new Dictionary<string, string> { ["FAL_QUEUE_LIMIT"] = "many" }
        );

        var (exitCode, output) = await program.RunToEndAsync(Eventually.Limit);

        Assert.Equal(1, exitCode);
        Assert.Contains("FAL_QUEUE_LIMIT is 'many'; it must be a number of calls, 1 at least.", output, StringComparison.Ordinal);
        Assert.Empty(program.Folders());
    }

    [Fact]
    public async Task AProgramThatStartsAFixtureEndsWithoutATrace()
    {
        await using var program = ChildProgram.Start(ChildProgram.Fixture);

        var (exitCode, output) = await program.RunToEndAsync(Eventually.Limit);

        Assert.Equal(7, exitCode);
        Assert.StartsWith(program.Temporary, output, StringComparison.Ordinal);
        Assert.Empty(program.Folders());
    }

    [Fact]
    public async Task OptionsOfTheHostHold()
    {
        await using var fixture = await LocalHostFixture.StartAsync(
            new()
            {
                Cpus = 1.5,
                MemoryBytes = 2L << 30,
                Gpus = ["T4"],
                Prewarmed = 0,
            }
        );
        var one = Isolated.Create(() => 1, new() { Host = fixture.Host });

        await one.On(machineType: "M").InvokeAsync(Cancellation);

        Assert.Contains(
            "more than the 1.5 CPUs and 2 GB of this host",
            TestContext.Current.TestOutputHelper!.Output,
            StringComparison.Ordinal
        );
        Assert.Equal(1, await one.On(machineType: "GPU-T4").InvokeAsync(Cancellation));
        await Assert.ThrowsAsync<MachineUnavailableException>(() => one.On(machineType: "GPU").InvokeAsync(Cancellation));
    }

    [Fact]
    public async Task EnvironmentsOfItsOwnAreBuiltInTheFolderOfTheFixture()
    {
        await using var fixture = await LocalHostFixture.StartAsync(new() { SharesEnvironments = false });

        var words = await Isolated
            .FromDelegate(() => PackageBodies.Words(7), new() { Host = fixture.Host, Requirements = [PackageBodies.Humanizer] })
            .InvokeAsync(Cancellation);

        Assert.Equal("seven", words);
        Assert.NotEmpty(Directory.GetDirectories(Path.Combine(fixture.DataPath, "..", "..", "environments")));
    }

    [Fact]
    public void AFixtureThatIsNotStartedSaysHowToStartIt()
    {
        var fixture = new LocalHostFixture();

        Assert.Contains(
            "await using var host = await LocalHostFixture.StartAsync();",
            Assert.Throws<InvalidOperationException>(() => fixture.Host).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<InvalidOperationException>(() => fixture.DataPath);
    }

    [Fact]
    public void OptionsOutOfRangeAreRefusedWhereTheyAreGiven()
    {
        Assert.Equal("Cpus", Assert.Throws<ArgumentOutOfRangeException>(() => new LocalHostOptions { Cpus = 0 }).ParamName);
        Assert.Equal("Cpus", Assert.Throws<ArgumentOutOfRangeException>(() => new LocalHostOptions { Cpus = double.NaN }).ParamName);
        Assert.Equal("MemoryBytes", Assert.Throws<ArgumentOutOfRangeException>(() => new LocalHostOptions { MemoryBytes = 0 }).ParamName);
        Assert.Equal("Prewarmed", Assert.Throws<ArgumentOutOfRangeException>(() => new LocalHostOptions { Prewarmed = -1 }).ParamName);
    }
}
