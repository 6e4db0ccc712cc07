using System.Globalization;
using System.Text.RegularExpressions;

namespace FalServerless.Packages;

/// <summary>Finds the requirement that a user meant who has the habits of other package managers.</summary>
internal static partial class RequirementHint
{
    /// <summary>The nearest text that is a requirement; null where none is near.</summary>
    public static string? For(string text)
    {
        var trimmed = text.Trim().Trim('"', '\'', '`').TrimEnd(',', ';', '.').Trim();
        var parts = Parts().Match(trimmed);
        if (!parts.Success)
        {
            return null;
        }

        var name = parts.Groups["name"].Value.TrimEnd('.', '-');
        return Candidates(name, trimmed, parts)
            .FirstOrDefault(candidate => candidate is not null && Requirement.TryParse(candidate, out _));
    }

    private static IEnumerable<string?> Candidates(string name, string trimmed, Match parts)
    {
        yield return trimmed;
        var first = Version(parts.Groups["first"].Value);
        var second = Version(parts.Groups["second"].Value);
        var upper = parts.Groups["upper"].Value;
        if (second.Length > 0)
        {
            var open = parts.Groups["operator"].Value == ">" ? '(' : '[';
            yield return $"{name}{open}{first},{second}{(upper == "<" ? ')' : ']')}";
        }

        yield return parts.Groups["operator"].Value switch
        {
            "<" => $"{name}(,{first})",
            "<=" or "=<" => $"{name}(,{first}]",
            ">" => $"{name}({first},)",
            ">=" or "=>" => $"{name}>={first}",
            "~=" or "~>" => Compatible(name, first, keepsAllButLast: true),
            "~" => Compatible(name, first, keepsAllButLast: false),
            "^" => Caret(name, first),
            _ => $"{name}=={first}",
        };
        yield return name;
    }

    // "v1.2" and "1.x", as tags and other managers have them.
    private static string Version(string text) =>
        text.TrimStart('v', 'V').Replace(".x", ".*", StringComparison.OrdinalIgnoreCase).TrimEnd(',', ';', ')', ']');

    // "~=1.2.3" is any 1.2 from 1.2.3 on, "~=1.2" any 1; npm's "~1.2" is any 1.2.
    private static string? Compatible(string name, string version, bool keepsAllButLast)
    {
        if (!PackageVersion.TryReadNumbers(version, out var numbers))
        {
            return null;
        }

        var kept = keepsAllButLast ? Math.Max(1, numbers.Length - 1) : Math.Min(2, numbers.Length);
        return $"{name}[{version},{Next(numbers[..kept])})";
    }

    private static string? Caret(string name, string version) =>
        PackageVersion.TryReadNumbers(version, out var numbers)
            ? $"{name}[{version},{Next(numbers[..(Array.FindIndex(numbers, number => number > 0) is >= 0 and var first ? first + 1 : 1)])})"
            : null;

    private static string Next(int[] numbers) =>
        string.Join(
            '.',
            numbers.Select((number, place) => (number + (place == numbers.Length - 1 ? 1 : 0)).ToString(CultureInfo.InvariantCulture))
        ) + (numbers.Length == 1 ? ".0" : "");

    [GeneratedRegex(
        @"^(?<name>\w+(?:[.-]\w+)*[.-]?)\s*(?:\[[A-Za-z, ]*\])?\s*(?<operator>===?|~=|~>|=>|=<|>=|<=|[=<>~^@:/]=?|)\s*"
            + @"(?<first>[vV]?\d\S*?)?\s*(?:[, ]\s*(?<upper><=?)\s*(?<second>\S+))?\s*$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Parts();
}
