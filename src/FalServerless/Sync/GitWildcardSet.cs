using System.Collections;
using System.Text;

namespace FalServerless.Sync;

/// <summary>What is between brackets in a pattern of Git: single bytes, ranges and named classes.</summary>
internal static class GitWildcardSet
{
    private static readonly Dictionary<string, Func<byte, bool>> Classes = new(StringComparer.Ordinal)
    {
        ["alnum"] = letter => char.IsAsciiLetterOrDigit((char)letter),
        ["alpha"] = letter => char.IsAsciiLetter((char)letter),
        ["blank"] = letter => letter is (byte)' ' or (byte)'\t',
        ["cntrl"] = letter => letter is < 32 or 127,
        ["digit"] = letter => char.IsAsciiDigit((char)letter),
        ["graph"] = letter => letter is > 32 and < 127,
        ["lower"] = letter => char.IsAsciiLetterLower((char)letter),
        ["print"] = letter => letter is >= 32 and < 127,
        ["punct"] = letter => letter is > 32 and < 127 && !char.IsAsciiLetterOrDigit((char)letter),
        ["space"] = letter => letter is (byte)' ' or (>= 9 and <= 13),
        ["upper"] = letter => char.IsAsciiLetterUpper((char)letter),
        ["xdigit"] = letter => char.IsAsciiHexDigit((char)letter),
    };

    /// <returns>The index of the closing bracket; -1 where the set is malformed.</returns>
    public static int Read(ReadOnlySpan<byte> pattern, int at, BitArray set, out bool isNegated)
    {
        isNegated = at < pattern.Length && pattern[at] is (byte)'!' or (byte)'^';
        at += isNegated ? 1 : 0;

        // What a range may begin with; zero where it may not.
        byte before = 0;
        for (var isFirst = true; ; isFirst = false, at++)
        {
            if (at >= pattern.Length)
            {
                return -1;
            }

            if (pattern[at] == ']' && !isFirst)
            {
                return at;
            }

            if (pattern[at] == '-' && before != 0 && at + 1 < pattern.Length && pattern[at + 1] != ']')
            {
                at++;
                if (ReadByte(pattern, ref at) is not { } last)
                {
                    return -1;
                }

                for (int letter = before; letter <= last; letter++)
                {
                    set[letter] = true;
                }

                before = 0;
            }
            else if (pattern[at..].StartsWith("[:"u8) && TryReadClass(pattern, ref at, set) is { } isKnown)
            {
                if (!isKnown)
                {
                    return -1;
                }

                before = 0;
            }
            else if (ReadByte(pattern, ref at) is { } single)
            {
                set[single] = true;
                before = single;
            }
            else
            {
                return -1;
            }
        }
    }

    private static byte? ReadByte(ReadOnlySpan<byte> pattern, ref int at)
    {
        if (pattern[at] == '\\' && ++at == pattern.Length)
        {
            return null;
        }

        return pattern[at];
    }

    // Null where it is no class after all, but a bracket like any other letter; false where there is no such class.
    private static bool? TryReadClass(ReadOnlySpan<byte> pattern, ref int at, BitArray set)
    {
        var length = pattern[(at + 2)..].IndexOf((byte)']');
        if (length < 0)
        {
            return false;
        }

        if (length == 0 || pattern[at + 1 + length] != ':')
        {
            return null;
        }

        if (!Classes.TryGetValue(Encoding.Latin1.GetString(pattern.Slice(at + 2, length - 1)), out var contains))
        {
            return false;
        }

        for (var letter = 0; letter < 256; letter++)
        {
            set[letter] |= contains((byte)letter);
        }

        at += length + 2;
        return true;
    }
}
