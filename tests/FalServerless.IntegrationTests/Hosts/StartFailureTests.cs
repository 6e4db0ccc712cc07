using System.ComponentModel;
using System.Runtime.InteropServices;
using FalServerless.Hosts;
using FalServerless.IntegrationTests.Programs;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.IntegrationTests.Hosts;

public class StartFailureTests
{
    [Fact]
    public async Task AMachineWithoutTheWebFrameworkIsToldWhatToInstall()
    {
        using var folder = new TemporaryFolder();
        var root = DotnetWithoutTheWebFramework(folder.Path);
        await using var program = ChildProgram.Start(ChildProgram.Unhosted, dotnet: root);

        var (_, output) = await program.RunToEndAsync(Eventually.Limit);

        Assert.Contains(
            "FalHost.Local needs the ASP.NET Core runtime (Microsoft.AspNetCore.App, version 10.0.0 or a later one of 10.x), and it "
                + "is not there",
            output,
            StringComparison.Ordinal
        );
        Assert.Contains($"looked in '{root}/shared'", output, StringComparison.Ordinal);
        Assert.Contains(
            "Install the ASP.NET Core runtime of .NET 10 (package aspnetcore-runtime-10.0), or the .NET 10 SDK",
            output,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("Broken pipe", output, StringComparison.Ordinal);
    }

    [Fact]
    public void AnOlderFrameworkIsNamedWithTheVersionsThatAreThere()
    {
        const string Output = """
            You must install or update .NET to run this application.

            App: /app/fal-serverless/FalServerless.Runtime
            Architecture: x64
            Framework: 'Microsoft.AspNetCore.App', version '10.0.0' (x64)
            .NET location: /usr/share/dotnet

            The following frameworks were found:
              8.0.1 at [/usr/share/dotnet/shared/Microsoft.AspNetCore.App]
              9.0.2 at [/usr/share/dotnet/shared/Microsoft.AspNetCore.App]
            """;

        Assert.Contains(
            "looked in '/usr/share/dotnet/shared' (there are versions 8.0.1, 9.0.2). Install the ASP.NET Core runtime",
            StartFailure.Describe(150, Output),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void AMachineWithoutDotnetIsToldSo()
    {
        Assert.Contains(
            "this machine has no .NET that they could find (DOTNET_ROOT is '/nowhere'). Install",
            StartFailure.Describe(131, "You must install .NET to run this application.\n    DOTNET_ROOT = /nowhere\n"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "there is no 'dotnet' on the PATH. Install",
            StartFailure.Describe("dotnet", new Win32Exception(2)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void AProgramThatMayNotBeExecutedIsToldWhy()
    {
        var error = StartFailure.Describe("/app/fal-serverless/FalServerless.Runtime", new Win32Exception(13));

        Assert.Contains(
            "may not execute '/app/fal-serverless/FalServerless.Runtime': its file system is mounted noexec",
            error,
            StringComparison.Ordinal
        );
        Assert.EndsWith("chmod -R a+X '/app/fal-serverless'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherFailureIsLeftToItsOwnWords() => Assert.Null(StartFailure.Describe(1, "disk full"));

    // A root of its own: the runtime is found by the real path of its files, so these are copied.
    private static string DotnetWithoutTheWebFramework(string folder)
    {
        var runtime = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
        var machine = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        var version = Path.GetFileName(runtime);
        var files = Directory
            .GetFiles(runtime)
            .Select(file => (file, Path.Combine("shared", "Microsoft.NETCore.App", version, Path.GetFileName(file))))
            .Concat(
                Directory
                    .GetFiles(Path.Combine(machine, "host"), "*", SearchOption.AllDirectories)
                    .Select(file => (file, Path.GetRelativePath(machine, file)))
            )
            .Append((Path.Combine(machine, "dotnet"), "dotnet"));
        foreach (var (from, name) in files)
        {
            var to = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to);
        }

        return folder;
    }
}
