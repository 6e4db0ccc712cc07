namespace FalServerless.Sync;

/// <summary>One line of a <c>.gitignore</c> file.</summary>
internal sealed class GitIgnorePattern
{
    private const byte Slash = (byte)'/';

    private readonly GitWildcard _wildcard;
    private readonly bool _isForFolders;
    private readonly bool _isForNames;

    private GitIgnorePattern(GitWildcard wildcard, bool isNegated, bool isForFolders, bool isForNames)
    {
        _wildcard = wildcard;
        IsNegated = isNegated;
        _isForFolders = isForFolders;
        _isForNames = isForNames;
    }

    public bool IsNegated { get; }

    /// <returns>Null for a comment, and for a line that says nothing.</returns>
    public static GitIgnorePattern? TryParse(ReadOnlySpan<byte> line)
    {
        // Text after a NUL is none.
        if (line.IndexOf((byte)0) is >= 0 and var end)
        {
            line = line[..end];
        }

        if (line.IsEmpty || line[0] == '#')
        {
            return null;
        }

        line = TrimSpaces(line);
        var isNegated = line is [(byte)'!', ..];
        line = isNegated ? line[1..] : line;
        var isForFolders = line is [.., Slash];
        line = isForFolders ? line[..^1] : line;
        var isForNames = !line.Contains(Slash);
        line = line is [Slash, ..] ? line[1..] : line;
        return line.IsEmpty ? null : new(GitWildcard.Parse(line, isForNames), isNegated, isForFolders, isForNames);
    }

    /// <param name="path">Relative to the folder of the file that contains the pattern.</param>
    /// <param name="isFolder">Whether a folder has the path.</param>
    public bool Matches(ReadOnlySpan<byte> path, bool isFolder) =>
        (isFolder || !_isForFolders) && _wildcard.IsMatch(_isForNames ? path[(path.LastIndexOf(Slash) + 1)..] : path);

    // Spaces at the end are dropped, unless a backslash precedes them.
    private static ReadOnlySpan<byte> TrimSpaces(ReadOnlySpan<byte> line)
    {
        var spaces = -1;
        for (var i = 0; i < line.Length; i++)
        {
            if (line[i] == ' ')
            {
                spaces = spaces < 0 ? i : spaces;
                continue;
            }

            spaces = -1;
            if (line[i] == '\\' && ++i == line.Length)
            {
                return line;
            }
        }

        return spaces < 0 ? line : line[..spaces];
    }
}
