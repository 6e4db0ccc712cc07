using System.Diagnostics;
using System.Text;
using FalServerless.Sync;

namespace FalServerless.Tests.Sync;

public class GitIgnoreRulesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryRuleExcludesWhatGitExcludes()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/git"), "There is no git to compare with.");
        var rules = IgnoreRules.All.ToArray();
        Assert.InRange(rules.Length, 200, int.MaxValue);
        using var folder = new TemporaryFolder();
        foreach (var (i, lines) in rules.Index())
        {
            Make(folder.File($"{i}"), lines);
        }

        var expected = await IgnoredByGitAsync(
            folder.Path,
            rules.Index().SelectMany(rule => IgnoreRules.Paths.Select(path => $"{rule.Index}/{path.TrimEnd('/')}"))
        );

        Assert.InRange(expected.Count, rules.Length, int.MaxValue);
        Assert.All(
            rules.Index(),
            rule =>
            {
                var prefix = $"{rule.Index}/";
                var ours = Excluded(folder.File($"{rule.Index}")).Select(path => prefix + path);
                var git = expected.Where(path => path.StartsWith(prefix, StringComparison.Ordinal));
                Assert.True(
                    git.ToHashSet().SetEquals(ours),
                    $"'{string.Join('|', rule.Item)}': git excludes {string.Join(", ", git)}, we exclude {string.Join(", ", ours)}"
                );
            }
        );
    }

    private static void Make(string directory, string[] lines)
    {
        foreach (var path in IgnoreRules.Paths)
        {
            var full = Path.Combine(directory, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            if (!path.EndsWith('/'))
            {
                File.WriteAllText(full, "");
            }
        }

        File.WriteAllText(Path.Combine(directory, ".gitignore"), string.Join('\n', lines) + "\n");
    }

    private static IEnumerable<string> Excluded(string directory)
    {
        var kept = LocalTree.Read(directory, respectsGitIgnore: true, Token).Select(entry => entry.Path).ToHashSet();
        return IgnoreRules.Paths.Select(path => path.TrimEnd('/')).Where(path => !kept.Contains(path));
    }

    private static async Task<HashSet<string>> IgnoredByGitAsync(string directory, IEnumerable<string> paths)
    {
        await RunGitAsync(directory, "", "init", "-q");
        var input = string.Join('\0', paths) + "\0";
        var output = await RunGitAsync(directory, input, "check-ignore", "--no-index", "--verbose", "--non-matching", "-z", "--stdin");

        // Of each path its file, line and rule, which are empty where no rule matches; the last rule that matches may bring the path back.
        return output
            .Split('\0')
            .Chunk(4)
            .Where(verdict => verdict is [{ Length: > 0 }, _, var rule, _] && !rule.StartsWith('!'))
            .Select(verdict => verdict[3])
            .ToHashSet();
    }

    private static async Task<string> RunGitAsync(string directory, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/git", ["-c", "core.excludesFile=", "-C", directory, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["GIT_CONFIG_GLOBAL"] = start.Environment["GIT_CONFIG_SYSTEM"] = "/dev/null";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Token);
        await process.StandardInput.WriteAsync(input.AsMemory(), Token);
        process.StandardInput.Close();
        await process.WaitForExitAsync(Token);

        // 1: no path is ignored.
        Assert.InRange(process.ExitCode, 0, 1);
        return await output;
    }
}
