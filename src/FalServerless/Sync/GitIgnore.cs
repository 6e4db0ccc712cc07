using System.Text;

namespace FalServerless.Sync;

/// <summary>
/// What the <c>.gitignore</c> files on the way to a folder say, the deepest with the last word. What is in an excluded folder is not asked
/// for: nothing brings it back.
/// </summary>
internal sealed class GitIgnore
{
    private const string FileName = ".gitignore";

    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly GitIgnore? _above;
    private readonly GitIgnorePattern[] _patterns;

    // In bytes, with its slash: what the patterns of this file are relative to.
    private readonly int _base;

    private GitIgnore(GitIgnore? above, GitIgnorePattern[] patterns, int @base)
    {
        _above = above;
        _patterns = patterns;
        _base = @base;
    }

    /// <summary>Excludes nothing.</summary>
    public static GitIgnore None { get; } = new(null, [], 0);

    /// <summary>With what the folder's own file says, if it has one.</summary>
    /// <param name="directory">The folder's full path.</param>
    /// <param name="path">Within the top folder; empty for that itself.</param>
    public GitIgnore Enter(string directory, string path)
    {
        var file = new FileInfo(Path.Combine(directory, FileName));

        // Git follows no links to these.
        if (!file.Exists || file.LinkTarget is not null)
        {
            return this;
        }

        var patterns = Parse(File.ReadAllBytes(file.FullName)).ToArray();
        return patterns.Length == 0 ? this : new(this, patterns, path.Length == 0 ? 0 : Encoding.UTF8.GetByteCount(path) + 1);
    }

    public bool Excludes(string path, bool isFolder)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        for (var level = this; level is not null; level = level._above)
        {
            for (var i = level._patterns.Length - 1; i >= 0; i--)
            {
                if (level._patterns[i].Matches(bytes.AsSpan(level._base), isFolder))
                {
                    return !level._patterns[i].IsNegated;
                }
            }
        }

        return false;
    }

    private static List<GitIgnorePattern> Parse(byte[] content)
    {
        var rest = content.AsSpan();
        if (rest.StartsWith(ByteOrderMark))
        {
            rest = rest[ByteOrderMark.Length..];
        }

        var patterns = new List<GitIgnorePattern>();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (end >= 0 && line is [.., (byte)'\r'])
            {
                line = line[..^1];
            }

            if (GitIgnorePattern.TryParse(line) is { } pattern)
            {
                patterns.Add(pattern);
            }
        }

        return patterns;
    }
}
