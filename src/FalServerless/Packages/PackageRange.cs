using System.Globalization;

namespace FalServerless.Packages;

/// <summary>Reads which versions of a package will do, and writes that in the one form that NuGet accepts in a project.</summary>
internal static class PackageRange
{
    /// <summary>The newest stable version.</summary>
    public const string Newest = "*";

    private const string Anything = "(, )";

    /// <summary>A version or one with an asterisk: <c>1.2.3</c>, <c>1.2.*</c>, <c>1.2.3-beta*</c>.</summary>
    /// <returns>Null when it is neither.</returns>
    public static string? Exactly(string text) => PackageVersion.TryParse(text, out var version) ? $"[{version}]" : Floating(text);

    /// <returns>Null when it is no version.</returns>
    public static string? AtLeast(string text) => PackageVersion.TryParse(text, out var version) ? $"[{version}, )" : null;

    /// <summary>
    /// An interval in brackets (the version belongs to it) and parentheses (it does not): <c>[1.0,2.0)</c>, <c>[1.0]</c>, <c>(,2.0]</c>.
    /// </summary>
    /// <returns>Null when it is none, or no version can be in it.</returns>
    public static string? Interval(string text)
    {
        if (text.Length < 3 || text[0] is not ('[' or '(') || text[^1] is not (']' or ')'))
        {
            return null;
        }

        var bounds = text[1..^1].Split(',', StringSplitOptions.TrimEntries);
        return bounds switch
        {
            [var only] => text[0] == '[' && text[^1] == ']' && PackageVersion.TryParse(only, out var version) ? $"[{version}]" : null,
            ["", ""] => Anything,
            [var low, var high] => Between(text[0], low, high, text[^1]),
            _ => null,
        };
    }

    private static string? Between(char open, string low, string high, char close)
    {
        PackageVersion least = default;
        PackageVersion most = default;
        var floating = low.Length > 0 && !PackageVersion.TryParse(low, out least) ? Floating(low) : null;
        if (
            (high.Length > 0 && !PackageVersion.TryParse(high, out most))
            || (low.Length > 0 && floating is null && !PackageVersion.TryParse(low, out _))
        )
        {
            return null;
        }

        if (low.Length > 0 && high.Length > 0)
        {
            if (floating is not null)
            {
                PackageVersion.TryParse(Lowest(floating), out least);
            }

            var isInclusive = open == '[' && close == ']';
            if (least > most || (least == most && !isInclusive))
            {
                return null;
            }

            if (least == most && floating is null)
            {
                return $"[{least}]";
            }
        }

        // Without a bound both brackets mean the same; NuGet writes the parenthesis.
        return $"{(low.Length == 0 ? '(' : open)}{(low.Length == 0 ? "" : floating ?? least.ToString())}, "
            + $"{(high.Length == 0 ? "" : most.ToString())}{(high.Length == 0 ? ')' : close)}";
    }

    // "1.*", "1.2.3-*", "1.2.*-beta.*": an asterisk ends the numbers, the label, or both.
    private static string? Floating(string text)
    {
        var parts = text.Split('-', 2);
        var label = parts.Length > 1 ? parts[1] : null;
        var isLabelOnly = label is not null && !parts[0].EndsWith('*');
        if (
            label is not null
            && (
                !label.EndsWith('*')
                || (label != Newest && !PackageVersion.AreLabels(LabelOf(label)))
                // NuGet reads "1.0-a-b*" and "1.*-a-b.*", but not this.
                || (isLabelOnly && label.Contains('-') && label.EndsWith(".*", StringComparison.Ordinal))
            )
        )
        {
            return null;
        }

        return Numbers(parts[0], isFloating: parts[0].EndsWith('*')) is { } numbers && (label is not null || parts[0].EndsWith('*'))
            ? numbers + (label is null ? "" : "-" + label)
            : null;
    }

    private static string? Numbers(string text, bool isFloating)
    {
        if (text == Newest)
        {
            return text;
        }

        if (!isFloating)
        {
            return PackageVersion.TryParse(text, out var version) ? version.ToString() : null;
        }

        return
            text.EndsWith(".*", StringComparison.Ordinal)
            && PackageVersion.TryReadNumbers(text[..^2], out var numbers)
            && numbers.Length < 4
            ? string.Join('.', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture))) + ".*"
            : null;
    }

    // "1.0.0-rc.*" begins with 1.0.0-rc.0, "1.0.0-rc*" with 1.0.0-rc, "1.0.0-*" with 1.0.0-0, the lowest version of all.
    private static string Lowest(string floating)
    {
        var parts = floating.Split('-', 2);
        var numbers = parts[0] == Newest ? "0" : parts[0].Replace(".*", "", StringComparison.Ordinal);
        return parts is [_, var label]
            ? $"{numbers}-{(label.EndsWith(".*", StringComparison.Ordinal) || label == Newest ? label[..^1] + "0" : label[..^1])}"
            : numbers;
    }

    // Without the asterisk and the point that may stand before it.
    private static string LabelOf(string label) => label.EndsWith(".*", StringComparison.Ordinal) ? label[..^2] : label[..^1];
}
