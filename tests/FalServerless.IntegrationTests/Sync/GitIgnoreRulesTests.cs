using FalServerless.Sync;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.IntegrationTests.Sync;

public class GitIgnoreRulesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryRuleExcludesWhatGitExcludes()
    {
        using var folder = new TemporaryFolder();
        using var git = await GitVerdicts.StartAsync(folder.Path, Token);
        var rules = IgnoreRules.All.ToArray();
        Assert.InRange(rules.Length, 200, int.MaxValue);
        Assert.All(
            rules.Index(),
            rule =>
            {
                var (number, lines) = rule;
                Make(folder.File($"{number}"), lines);
                var expected = git.Ignored([.. IgnoreRules.Paths.Select(path => $"{number}/{path.TrimEnd('/')}")]);

                var excluded = Excluded(folder.File($"{number}")).Select(path => $"{number}/{path}");

                Assert.True(
                    expected.SetEquals(excluded),
                    $"'{string.Join('|', lines)}': git excludes {string.Join(", ", expected)}, we exclude {string.Join(", ", excluded)}"
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
}
