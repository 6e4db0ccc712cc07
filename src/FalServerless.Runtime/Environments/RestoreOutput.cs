using System.Text.RegularExpressions;

namespace FalServerless.Runtime.Environments;

/// <summary>
/// What the SDK prints while it restores: its errors and warnings without their positions in a project that the user does not see, and
/// which packages are new.
/// </summary>
internal sealed partial class RestoreOutput(BuildLog log)
{
    private const int KeptLines = 50;

    private readonly HashSet<string> _seen = [];
    private readonly List<string> _errors = [];
    private readonly Queue<string> _last = new();

    /// <summary>NuGet's own words, the code at the head of each error.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>The last lines of any kind.</summary>
    public IEnumerable<string> Last => _last;

    /// <summary>How many packages were not in the user's package folder.</summary>
    public int Installed { get; private set; }

    public void Read(string line)
    {
        lock (_seen)
        {
            var text = Secret().Replace(Query().Replace(line, "$1"), "://").TrimEnd();
            if (text.Length == 0)
            {
                return;
            }

            if (Diagnostic().Match(text) is { Success: true } diagnostic)
            {
                Add(diagnostic.Groups["level"].Value == "error", diagnostic.Groups["code"].Value, diagnostic.Groups["text"].Value);
            }
            else if (Installation().Match(text) is { Success: true } installation)
            {
                Installed++;
                log(LogEntryLevel.Debug, $"Installed {installation.Groups["package"].Value}.");
            }

            _last.Enqueue(text.Trim());
            if (_last.Count > KeptLines)
            {
                _last.Dequeue();
            }
        }
    }

    private void Add(bool isError, string code, string text)
    {
        var plain = text.Replace("Warning As Error: ", "", StringComparison.Ordinal)
            .Replace(" environment -> ", " ", StringComparison.Ordinal)
            .TrimEnd();
        if (!_seen.Add(code + plain))
        {
            return;
        }

        // The further lines of an error begin with spaces.
        var words = plain.StartsWith(' ') ? plain : $"{code}: {plain}";
        log(isError ? LogEntryLevel.Error : LogEntryLevel.Warning, words);
        if (isError && _errors.Count < KeptLines)
        {
            _errors.Add(words);
        }
    }

    [GeneratedRegex(
        @"^(?:.*? )??:? ?(?<level>error|warning) (?<code>[A-Z]+\d+) ?: (?<text>.*?)(?: \[[^\]]*csproj[^\]]*\])?$",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex Diagnostic();

    [GeneratedRegex(@"^\s*Installed (?<package>\S+ \S+) from ", RegexOptions.ExplicitCapture)]
    private static partial Regex Installation();

    // What an address may carry of a feed's credentials.
    [GeneratedRegex(@"(?<=\w)://[^/@\s']+@")]
    private static partial Regex Secret();

    [GeneratedRegex(@"(\w://[^\s?']+)\?[^\s']*")]
    private static partial Regex Query();
}
