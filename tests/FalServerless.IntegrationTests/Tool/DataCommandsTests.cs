using FalServerless.Tests.Shared.Files;

namespace FalServerless.IntegrationTests.Tool;

public class DataCommandsTests(RemoteCli cli) : IClassFixture<RemoteCli>
{
    [Fact]
    public async Task AFolderGoesToTheHostIsListedThereAndComesBack()
    {
        using var folder = new TemporaryFolder();
        var local = folder.File("local");
        Directory.CreateDirectory(Path.Combine(local, "sub"));
        File.WriteAllText(Path.Combine(local, "a.txt"), "abc");
        File.WriteAllText(Path.Combine(local, "sub", "b.txt"), "defgh");
        File.CreateSymbolicLink(Path.Combine(local, "link"), "a.txt");
        File.WriteAllText(Path.Combine(local, ".gitignore"), "*.tmp\n");
        File.WriteAllText(Path.Combine(local, "left.tmp"), "x");

        var sync = await cli.RunAsync("data", "sync", local, "/data/cli");
        Assert.Equal(0, sync.ExitCode);
        Assert.EndsWith(": 3 files, 14 B, of which 14 B had to be sent.\n", sync.Output, StringComparison.Ordinal);
        var again = await cli.JsonAsync("data", "sync", local, "/data/cli");
        Assert.Equal(
            (3, 14, 0),
            (again.GetProperty("files").GetInt32(), again.GetProperty("bytes").GetInt32(), again.GetProperty("sentBytes").GetInt32())
        );

        var entries = (await cli.JsonAsync("data", "list", "/data/cli", "--recursive"))
            .EnumerateArray()
            .ToDictionary(entry => entry.GetProperty("path").GetString()!);
        Assert.Equal(
            ["/data/cli/.gitignore", "/data/cli/a.txt", "/data/cli/link", "/data/cli/sub", "/data/cli/sub/b.txt"],
            entries.Keys.Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            ("file", 3, "0644"),
            (
                entries["/data/cli/a.txt"].GetProperty("kind").GetString(),
                entries["/data/cli/a.txt"].GetProperty("bytes").GetInt32(),
                entries["/data/cli/a.txt"].GetProperty("mode").GetString()
            )
        );
        Assert.Equal("a.txt", entries["/data/cli/link"].GetProperty("target").GetString());
        var table = await cli.OutputAsync("data", "list", "/data/cli");
        Assert.Contains("-rw-r--r--  3 B", table);
        Assert.Contains("/data/cli/link -> a.txt", table);
        Assert.DoesNotContain("b.txt", table);

        var target = folder.File("back");
        Assert.Equal(
            $"{target}: 3 files, 14 B, of which 14 B had to be sent.\n",
            await cli.OutputAsync("data", "download", "/data/cli", target)
        );
        Assert.Equal("defgh", File.ReadAllText(Path.Combine(target, "sub", "b.txt")));
        Assert.False(File.Exists(Path.Combine(target, "left.tmp")));
    }

    [Fact]
    public async Task APathThatIsNoneIsSaid()
    {
        using var folder = new TemporaryFolder();
        var remote = await cli.RunAsync("data", "sync", folder.Path, "/database/x");
        var local = await cli.RunAsync("data", "sync", folder.File("missing"), "/data/x");
        var nothing = await cli.RunAsync("data", "list", "/data/nothing/there");
        var parallelism = await cli.RunAsync("data", "sync", folder.Path, "/data/x", "--parallelism", "99");

        Assert.Equal((2, 1, 1, 2), (remote.ExitCode, local.ExitCode, nothing.ExitCode, parallelism.ExitCode));
        Assert.Equal("fal-serverless: '/database/x' is no path under /data/. Name a folder there, as /data/x.\n", remote.Errors);
        Assert.Contains("There is no folder", local.Errors);
        Assert.Contains("/data/nothing/there", nothing.Errors);
        Assert.Contains("--parallelism is '99'; it must be a number, 1 to 64.", parallelism.Errors);
    }

    [Fact]
    public async Task WithoutAHostItIsTheDataOfThisMachine()
    {
        using var folder = new TemporaryFolder();
        var settings = new Dictionary<string, string>(cli.Nothing) { ["FAL_DATA"] = folder.File("data"), ["TMPDIR"] = folder.Path };
        Directory.CreateDirectory(folder.File("data/files/here"));

        var outcome = await CliRun.RunAsync(settings, "", "data", "list");

        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        Assert.Contains("/data/here", outcome.Output);
    }
}
