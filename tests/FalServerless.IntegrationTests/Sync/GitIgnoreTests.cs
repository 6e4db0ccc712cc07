using System.Diagnostics;
using System.Text;
using FalServerless.Sync;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Randomness;

namespace FalServerless.IntegrationTests.Sync;

public class GitIgnoreTests
{
    private const int Trees = 400;

    private static readonly string[] Names =
    [
        "a",
        "b",
        "c",
        "ab",
        "abc",
        "é",
        "aé",
        "a b",
        "b ",
        "*",
        "[a]",
        "x.y",
        "A",
        "!a",
        "#a",
        "a\\",
        "-",
        "foo",
    ];

    private static readonly string[] Pieces =
    [
        "a",
        "b",
        "c",
        "ab",
        "é",
        "*",
        "*",
        "**",
        "***",
        "?",
        "??",
        "[ab]",
        "[!a]",
        "[^b]",
        "[a-c]",
        "[c-a]",
        "[]a]",
        "[a",
        "[[:alpha:]]",
        "[[:bad:]]",
        "[[:digit:]a]",
        "[a-]",
        "[\\]]",
        "\\a",
        "\\*",
        "\\",
        " ",
        "\\ ",
        ".",
        "/",
        "/",
        "**/",
        "/**",
        "/**/",
        "foo",
        "!",
        "#",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhatGitIgnoresIsLeftOutAndNothingElse()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/git"), "There is no git to compare with.");
        var random = Printed.Random(nameof(WhatGitIgnoresIsLeftOutAndNothingElse));
        using var folder = new TemporaryFolder();
        for (var i = 0; i < Trees; i++)
        {
            Make(Directory.CreateDirectory(folder.File($"{i}")).FullName, random, depth: 0);
        }

        await GitAsync(folder.Path, "init", "-q");
        var expected = (await GitAsync(folder.Path, "ls-files", "--others", "--exclude-standard", "-z"))
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .ToLookup(path => path[..path.IndexOf('/')]);

        for (var i = 0; i < Trees; i++)
        {
            var found = LocalTree
                .Read(folder.File($"{i}"), respectsGitIgnore: true, Token)
                .Where(entry => entry.Kind != DataEntryKind.Directory)
                .Select(entry => $"{i}/{entry.Path}");
            Assert.True(
                expected[$"{i}"].Order(StringComparer.Ordinal).SequenceEqual(found.Order(StringComparer.Ordinal)),
                $"Tree {i}: git has {string.Join(" | ", expected[$"{i}"].Except(found))} more, and less "
                    + $"{string.Join(" | ", found.Except(expected[$"{i}"]))}. Patterns: "
                    + PatternsOf(folder.Path, $"{i}")
            );
        }
    }

    private static void Make(string directory, Random random, int depth)
    {
        if (depth == 0 || random.Next(3) == 0)
        {
            var lines = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Line(random));
            var text =
                (random.Next(6) == 0 ? "\ufeff" : "")
                + string.Join(random.Next(5) == 0 ? "\r\n" : "\n", lines)
                + (random.Next(2) == 0 ? "\n" : "");
            File.WriteAllBytes(Path.Combine(directory, ".gitignore"), Encoding.UTF8.GetBytes(text));
        }

        foreach (var name in Names.OrderBy(_ => random.Next()).Take(random.Next(2, 6)))
        {
            var path = Path.Combine(directory, name);
            if (depth < 3 && random.Next(2) == 0)
            {
                Make(Directory.CreateDirectory(path).FullName, random, depth + 1);
            }
            else
            {
                File.WriteAllText(path, "");
            }
        }
    }

    private static string Line(Random random) =>
        (random.Next(4) == 0 ? "!" : "")
        + (random.Next(5) == 0 ? "/" : "")
        + string.Concat(
            Enumerable
                .Range(0, random.Next(1, 5))
                .Select(_ => random.Next(3) == 0 ? Names[random.Next(Names.Length)] : Pieces[random.Next(Pieces.Length)])
        )
        + (random.Next(5) == 0 ? "/" : "");

    private static async Task<string> GitAsync(string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/git", ["-c", "core.excludesFile=", "-C", directory, .. arguments])
        {
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["GIT_CONFIG_GLOBAL"] = start.Environment["GIT_CONFIG_SYSTEM"] = "/dev/null";
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    private static string PatternsOf(string root, string tree)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 };
        return string.Join(
            "; ",
            Directory
                .GetFiles(Path.Combine(root, tree), ".gitignore", options)
                .Select(file => $"{Path.GetRelativePath(root, file)}: {File.ReadAllText(file).ReplaceLineEndings("⏎")}")
        );
    }
}
