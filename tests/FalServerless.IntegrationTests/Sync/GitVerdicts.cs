using System.Diagnostics;
using System.Text;

namespace FalServerless.IntegrationTests.Sync;

/// <summary>One git process that says which paths it ignores.</summary>
internal sealed class GitVerdicts : IDisposable
{
    private const string Git = "/usr/bin/git";
    private const int FieldsOfAVerdict = 4;

    private readonly Process _process;

    private GitVerdicts(Process process) => _process = process;

    /// <summary>For a new repository in the folder, which has no configuration from elsewhere.</summary>
    public static async Task<GitVerdicts> StartAsync(string directory, CancellationToken cancellationToken)
    {
        Assert.SkipUnless(File.Exists(Git), "There is no git to compare with.");
        using var init = Start(directory, "init", "-q");
        await init.WaitForExitAsync(cancellationToken);
        Assert.Equal(0, init.ExitCode);
        return new(Start(directory, "check-ignore", "--no-index", "--verbose", "--non-matching", "-z", "--stdin"));
    }

    /// <summary>Those of the paths that git ignores. They are so few that all fit into a pipe.</summary>
    public HashSet<string> Ignored(IReadOnlyCollection<string> paths)
    {
        foreach (var path in paths)
        {
            _process.StandardInput.Write(path);
            _process.StandardInput.Write('\0');
        }

        _process.StandardInput.Flush();
        var ignored = new HashSet<string>();
        for (var left = paths.Count; left > 0; left--)
        {
            // Its file, line and rule, which are empty where no rule matches; the last rule that matches may bring the path back.
            var verdict = Enumerable.Range(0, FieldsOfAVerdict).Select(_ => ReadField()).ToArray();
            if (verdict[0].Length > 0 && !verdict[2].StartsWith('!'))
            {
                ignored.Add(verdict[3]);
            }
        }

        return ignored;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.Dispose();
    }

    private static Process Start(string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo(Git, ["-c", "core.excludesFile=", "-C", directory, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment["GIT_CONFIG_GLOBAL"] = start.Environment["GIT_CONFIG_SYSTEM"] = "/dev/null";
        return Process.Start(start)!;
    }

    private string ReadField()
    {
        var field = new StringBuilder();
        for (var next = _process.StandardOutput.Read(); next != '\0'; next = _process.StandardOutput.Read())
        {
            Assert.True(next >= 0, "git has ended.");
            field.Append((char)next);
        }

        return field.ToString();
    }
}
