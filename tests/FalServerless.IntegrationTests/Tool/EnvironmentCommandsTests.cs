using System.IO.Compression;
using FalServerless.Tests.Shared.Assemblies;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.IntegrationTests.Tool;

public class EnvironmentCommandsTests(RemoteCli cli) : IClassFixture<RemoteCli>
{
    [Fact]
    public async Task AnEnvironmentIsBuiltListedAndRemoved()
    {
        AddPackage("Built.Ahead", "1.2.0");

        var built = await cli.RunAsync("environment", "build", "Built.Ahead==1.2.0");
        Assert.True(built.ExitCode == 0, built.Errors);
        Assert.Contains("Restoring Built.Ahead==1.2.0.", built.Errors);
        Assert.Matches("^The environment [0-9a-f]{12} is there: 1 package, [0-9.]+ K?B.\n$", built.Output);

        // A second time there is nothing to do.
        var again = await cli.RunAsync("environment", "build", "Built.Ahead==1.2.0", "--json");
        Assert.Equal((0, ""), (again.ExitCode, again.Errors));

        var environment = Assert.Single(
            (await cli.JsonAsync("environment", "list")).EnumerateArray(),
            environment => environment.GetProperty("requirements")[0].GetString() == "built.ahead[1.2.0]"
        );
        var key = environment.GetProperty("key").GetString()!;
        Assert.Equal(64, key.Length);
        Assert.Contains(key, again.Output);
        Assert.Equal("1.2.0", environment.GetProperty("packages").GetProperty("Built.Ahead").GetString());
        Assert.False(environment.GetProperty("inUse").GetBoolean());
        Assert.Matches(
            $@"{key[..12]}  1 +[0-9.]+ K?B +\d+s ago +no +built\.ahead\[1\.2\.0\]",
            await cli.OutputAsync("environment", "list")
        );
        Assert.Contains($"environment build {key}: done", cli.Host.Log);

        Assert.Equal(
            $"The environment {key[..12]} of built.ahead[1.2.0] is removed.\n",
            await cli.OutputAsync("environment", "remove", key[..6])
        );
        Assert.DoesNotContain(key, await cli.OutputAsync("environment", "list", "--json"));
    }

    [Fact]
    public async Task AnEnvironmentThatCannotBeBuiltIsSaidInNuGetsWords()
    {
        var failed = await cli.RunAsync("environment", "build", "Exists.Nowhere==1.0.0", "--json");

        Assert.Equal((1, ""), (failed.ExitCode, failed.Output));
        Assert.Contains("Exists.Nowhere", failed.Errors);
        Assert.Contains("NU1101", failed.Errors);
    }

    [Fact]
    public async Task WhatIsWrongIsSaidBeforeTheHostIsAsked()
    {
        var noRequirement = await cli.RunAsync("environment", "build", "Name=1.0");
        var none = await cli.RunAsync("environment", "build");
        var noKey = await cli.RunAsync("environment", "remove", "xyz");
        var unknown = await cli.RunAsync("environment", "remove", "0000");

        Assert.Equal((2, 2, 2, 1), (noRequirement.ExitCode, none.ExitCode, noKey.ExitCode, unknown.ExitCode));
        Assert.Contains("Did you mean 'Name==1.0'?", noRequirement.Errors);
        Assert.Contains("'xyz' is no key of an environment", noKey.Errors);
        Assert.Contains("This host has no environment '0000'.", unknown.Errors);
    }

    [Fact]
    public async Task OnlyAnAdminBuildsAndRemoves()
    {
        var outcome = await CliRun.RunAsync(cli.Configured(cli.Host.Key), "", "environment", "build", "Some.Package");

        Assert.Equal((1, ""), (outcome.ExitCode, outcome.Output));
        Assert.Contains($"the building of an environment needs the scope 'admin'", outcome.Errors);
        Assert.Equal(0, (await CliRun.RunAsync(cli.Configured(cli.Host.Key), "", "environment", "list")).ExitCode);
    }

    private void AddPackage(string name, string version)
    {
        using var made = new TemporaryFolder();
        var assembly = BuiltAssembly.Of(made.Path, name, 1).Path;
        using var package = ZipFile.Open(Path.Combine(cli.Folder, $"feed/{name}.{version}.nupkg"), ZipArchiveMode.Create);
        package.CreateEntryFromFile(assembly, $"lib/net10.0/{name}.dll");
        using var nuspec = new StreamWriter(package.CreateEntry(name + ".nuspec").Open());
        nuspec.Write(
            $"""
            <?xml version="1.0" encoding="utf-8"?>
            <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
              <metadata>
                <id>{name}</id><version>{version}</version><authors>tests</authors><description>made for a test</description>
              </metadata>
            </package>
            """
        );
    }
}
