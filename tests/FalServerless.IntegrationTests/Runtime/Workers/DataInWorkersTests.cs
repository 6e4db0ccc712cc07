using System.Diagnostics;
using System.Runtime.Versioning;
using FalServerless.Hosts;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Processes;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Runtime.Workers;

/// <summary>What bodies find at /data.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DataInWorkersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => _folder.File("data");

    private string Files => Path.Combine(Data, "files");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WhatABodyWritesThereEveryMachineTypeEveryHostAndALaterHostReads()
    {
        Namespaces.Need();
        using (var host = Host())
        {
            using var beside = Host();
            var write = Isolated.Create(
                (string text) => Write("/data/notes/first", text),
                new() { Host = host, KeepAlive = TimeSpan.Zero }
            );
            var read = Isolated.Create(() => File.ReadAllText("/data/notes/first"), new() { Host = host, MachineType = "M" });

            await write.InvokeAsync("written", Token);

            Assert.Equal("written", await read.InvokeAsync(Token));
            Assert.Equal("written", await read.On(beside, machineType: "S", keepAlive: TimeSpan.Zero).InvokeAsync(Token));
            await write.InvokeAsync("written again", Token);
            Assert.Equal("written again", await read.InvokeAsync(Token));
        }

        using var later = Host();
        Assert.Equal(
            "/data: written again",
            await Isolated
                .Create(ctx => ctx.DataPath + ": " + File.ReadAllText("/data/notes/first"), new() { Host = later })
                .InvokeAsync(Token)
        );
        Assert.Equal("written again", File.ReadAllText(Path.Combine(Files, "notes", "first")));
        Assert.All(
            [Data, Files, Path.Combine(Data, "uploads")],
            path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path))
        );
    }

    [Fact]
    public async Task SwitchedOffTheFolderItselfIsTheDataPathAndHoldsTheSameFiles()
    {
        using var off = Host(("FAL_NAMESPACES", "off"));
        var write = Isolated.Create(ctx => Write(Path.Combine(ctx.DataPath, "shared"), ctx.DataPath), new() { Host = off });

        Assert.Equal(Files, await write.InvokeAsync(Token));
        Assert.Equal(Files, File.ReadAllText(Path.Combine(Files, "shared")));
        Assert.Equal(
            Directory.Exists("/data"),
            await Isolated.Create(() => Directory.Exists("/data"), new() { Host = off }).InvokeAsync(Token)
        );

        using var on = Host();
        Assert.Equal(
            Files,
            await Isolated.Create(ctx => File.ReadAllText(Path.Combine(ctx.DataPath, "shared")), new() { Host = on }).InvokeAsync(Token)
        );
    }

    [Fact]
    public async Task OtherwiseTheMachineIsTheSameInside()
    {
        Namespaces.Need();
        using var on = Host();
        using var off = Host(("FAL_NAMESPACES", "off"));
        File.WriteAllText(_folder.File("here"), "");
        var here = _folder.File("here");
        var look = Isolated.Create((string file) => LookAround(file), new() { Host = off });

        var outside = await look.InvokeAsync(here, Token);
        var inside = await look.On(on).InvokeAsync(here, Token);

        Assert.Equal(outside, inside);
        Assert.Equal([Environment.CurrentDirectory, "True", .. Root()], inside);
    }

    [Fact]
    public async Task AProcessThatABodyStartsFindsItThereToo()
    {
        Namespaces.Need();
        using var host = Host();

        Assert.Equal(
            "seen by /bin/sh",
            await Isolated.Create(() => Shell("echo seen by $0 > /data/seen; cat /data/seen"), new() { Host = host }).InvokeAsync(Token)
        );
    }

    [Fact]
    public async Task NoProcessHoldsTheNamespaceAndItEndsWithAKilledGateway()
    {
        Namespaces.Need();
        using var host = Host();
        var worker = await Isolated.Create(() => Environment.ProcessId, new() { Host = host }).InvokeAsync(Token);
        var runtime = await host.RuntimeAsync();
        Assert.Contains(worker, Namespaces.Mounting(Files));
        Assert.Contains(worker, ProcessTable.ChildrenOf(runtime.ProcessId));
        Assert.All(
            ProcessTable.ChildrenOf(runtime.ProcessId),
            id => Assert.Contains("FalServerless.Worker", File.ReadAllText($"/proc/{id}/cmdline"))
        );

        ProcessTable.Kill(runtime.ProcessId);

        await Eventually.TrueAsync(() => !ProcessTable.IsAlive(worker), () => $"the worker {worker} lives.");
        await Eventually.TrueAsync(
            () => Namespaces.Mounting(Files).Count == 0,
            () => $"{string.Join(", ", Namespaces.Mounting(Files))} have it mounted."
        );
        Assert.Empty(ProcessTable.Naming(runtime.Directory));
        Assert.Empty(ProcessTable.Naming(Files));
    }

    [Theory]
    [InlineData("echo no permission >&2; exit 1")]
    [InlineData("echo $$; read line")]
    [InlineData("sleep 1000")]
    public async Task WhereNoNamespaceCanBeMadeCallsGoOnAndFindTheFolderItself(string unshare)
    {
        var programs = Directory.CreateDirectory(_folder.File("programs")).FullName;
        var fake = Path.Combine(programs, "unshare");
        File.WriteAllText(fake, $"#!/bin/sh\n{unshare}\n");
        File.SetUnixFileMode(fake, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var host = Host(("PATH", programs + ":" + Environment.GetEnvironmentVariable("PATH")));

        var path = await Isolated
            .Create(ctx => Write(Path.Combine(ctx.DataPath, "file"), ctx.DataPath), new() { Host = host })
            .InvokeAsync(Token);

        Assert.Equal(Files, path);
        Assert.True(File.Exists(Path.Combine(Files, "file")));
        Assert.Empty(ProcessTable.Naming(fake));
        Assert.All(
            ProcessTable.ChildrenOf((await host.RuntimeAsync()).ProcessId),
            id => Assert.Contains("FalServerless.Worker", File.ReadAllText($"/proc/{id}/cmdline"))
        );
    }

    private LocalHost Host(params (string Name, string Value)[] settings) =>
        new(settings.Append(("FAL_DATA", Data)).ToDictionary(setting => setting.Item1, setting => setting.Item2));

    private static string Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return text;
    }

    private static string[] LookAround(string file) => [Environment.CurrentDirectory, $"{File.Exists(file)}", .. Root()];

    // Other tests make folders there.
    private static IEnumerable<string> Root() =>
        Directory
            .GetFileSystemEntries("/")
            .Where(path => path != "/data" && !path.StartsWith("/fal.test", StringComparison.Ordinal))
            .Order();

    private static string Shell(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true })!;
        return shell.StandardOutput.ReadToEnd().Trim();
    }
}
