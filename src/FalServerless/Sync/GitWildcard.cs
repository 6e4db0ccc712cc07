using System.Collections;

namespace FalServerless.Sync;

/// <summary>
/// A pattern as Git matches it, byte by byte. It is followed at all its places at once, so that no pattern takes longer than its length
/// times the path's.
/// </summary>
internal sealed class GitWildcard
{
    private const byte Slash = (byte)'/';

    private static readonly Step NoSlash = new(StepKind.One, Except(Slash));

    private readonly List<Step> _steps = [];

    // Where a pattern is malformed it matches nothing.
    private bool _isMalformed;

    private enum StepKind
    {
        /// <summary>One byte of a set.</summary>
        One,

        /// <summary>Any number of bytes of a set.</summary>
        Many,

        /// <summary>Nothing, or any number of bytes and a slash.</summary>
        Folders,
    }

    /// <param name="pattern">Without what the line has around it.</param>
    /// <param name="isForNames">Whether it is matched with single names.</param>
    public static GitWildcard Parse(ReadOnlySpan<byte> pattern, bool isForNames)
    {
        var wildcard = new GitWildcard();

        // Git compares what precedes the first special letter by itself, and takes what follows for the beginning of a pattern.
        var start = pattern.IndexOfAny("*?[\\"u8);
        for (var i = 0; i < pattern.Length && !wildcard._isMalformed; i++)
        {
            i = pattern[i] switch
            {
                (byte)'?' => wildcard.Add(NoSlash, i),
                (byte)'*' => wildcard.AddStars(pattern, i, start, isForNames),
                (byte)'[' => wildcard.AddSet(pattern, i),
                (byte)'\\' => wildcard.AddEscaped(pattern, i),
                var letter => wildcard.Add(new(StepKind.One, Only(letter)), i),
            };
        }

        return wildcard;
    }

    public bool IsMatch(ReadOnlySpan<byte> text)
    {
        if (_isMalformed)
        {
            return false;
        }

        var (now, next) = (new BitArray(_steps.Count + 1), new BitArray(_steps.Count + 1));
        Reach(now, 0);
        foreach (var letter in text)
        {
            next.SetAll(false);
            for (var i = 0; i < _steps.Count; i++)
            {
                if (now[i])
                {
                    Take(next, i, letter);
                }
            }

            (now, next) = (next, now);
        }

        return now[_steps.Count];
    }

    private void Take(BitArray next, int at, byte letter)
    {
        var step = _steps[at];
        switch (step.Kind)
        {
            case StepKind.One when step.Bytes[letter]:
                Reach(next, at + 1);
                break;
            case StepKind.Many when step.Bytes[letter]:
                Reach(next, at);
                break;
            case StepKind.Folders:
                // It stays within the step, and so must not count as passed, until the slash comes.
                next[at] = true;
                if (letter == Slash)
                {
                    Reach(next, at + 1);
                }

                break;
        }
    }

    // What may match nothing is passed at once.
    private void Reach(BitArray places, int at)
    {
        places[at] = true;
        while (at < _steps.Count && _steps[at].Kind != StepKind.One)
        {
            places[++at] = true;
        }
    }

    private int Add(Step step, int at)
    {
        _steps.Add(step);
        return at;
    }

    private int AddStars(ReadOnlySpan<byte> pattern, int at, int start, bool isForNames)
    {
        var end = at + 1;
        while (end < pattern.Length && pattern[end] == '*')
        {
            end++;
        }

        var rest = pattern[end..];
        var isOverFolders =
            !isForNames
            && end - at > 1
            && (at == start || pattern[at - 1] == Slash)
            && (rest.IsEmpty || rest[0] == Slash || rest.StartsWith("\\/"u8));
        if (isOverFolders && rest is [Slash, ..])
        {
            _steps.Add(new(StepKind.Folders, Except()));
            return end;
        }

        _steps.Add(new(StepKind.Many, isOverFolders ? Except() : Except(Slash)));
        return end - 1;
    }

    private int AddEscaped(ReadOnlySpan<byte> pattern, int at)
    {
        _isMalformed = at + 1 == pattern.Length;
        return _isMalformed ? at : Add(new(StepKind.One, Only(pattern[at + 1])), at + 1);
    }

    private int AddSet(ReadOnlySpan<byte> pattern, int at)
    {
        var set = new BitArray(256);
        var end = GitWildcardSet.Read(pattern, at + 1, set, out var isNegated);
        _isMalformed = end < 0;
        if (isNegated)
        {
            set.Not();
        }

        set[Slash] = false;
        return Add(new(StepKind.One, set), end);
    }

    private static BitArray Only(byte letter) => new(256) { [letter] = true };

    private static BitArray Except(params ReadOnlySpan<byte> letters)
    {
        var set = new BitArray(256, true);
        foreach (var letter in letters)
        {
            set[letter] = false;
        }

        return set;
    }

    private readonly record struct Step(StepKind Kind, BitArray Bytes);
}
