using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace FalServerless.Packages;

/// <summary>A package that a worker must have, and which versions of it will do.</summary>
internal sealed partial class Requirement
{
    /// <summary>What users may write.</summary>
    public const string Forms = "A requirement is Name, Name==1.2.3, Name>=1.2 or Name[1.0,2.0).";

    private const int LongestName = 100;

    private Requirement(string text, string name, string range) => (Text, Name, Range) = (text, name, range);

    /// <summary>As its author wrote it.</summary>
    public string Text { get; }

    public string Name { get; }

    /// <summary>The versions in the form that a project takes: <c>[1.2.3]</c>, <c>[1.2.0, )</c>, <c>1.2.*</c>.</summary>
    public string Range { get; }

    /// <summary>The same for all ways to write the same, and itself one of them.</summary>
    public string Normalized =>
        (
            Name
            + (
                Range[0] is '[' or '(' ? Range
                : Range == PackageRange.Newest ? ""
                : "==" + Range
            )
        ).ToLowerInvariant();

    public static bool TryParse(string text, [NotNullWhen(true)] out Requirement? requirement)
    {
        requirement = null;
        var parts = Parts().Match(text);
        if (!parts.Success || parts.Groups["name"].Length > LongestName)
        {
            return false;
        }

        var versions = parts.Groups["versions"].Value;
        var range = parts.Groups["operator"].Value switch
        {
            "==" => PackageRange.Exactly(versions),
            ">=" => PackageRange.AtLeast(versions),
            _ => versions.Length == 0 ? PackageRange.Newest : PackageRange.Interval(versions),
        };
        requirement = range is null ? null : new(text, parts.Groups["name"].Value, range);
        return requirement is not null;
    }

    /// <exception cref="ArgumentException">It has none of the forms; the message shows the nearest that has.</exception>
    public static Requirement Parse(string text) =>
        TryParse(text, out var requirement)
            ? requirement
            : throw new ArgumentException(
                $"'{text}' is not a valid requirement.{(RequirementHint.For(text) is { } hint ? $" Did you mean '{hint}'?" : "")} {Forms}"
            );

    public override string ToString() => Text;

    // NuGet's own rule for names: words of letters, digits and underscores with points or hyphens between them.
    [GeneratedRegex(
        @"^\s*(?<name>\w+(?:[.-]\w+)*)\s*(?:(?<operator>==|>=)\s*(?<versions>\S+)|(?<versions>[\[(].*[\])]))?\s*$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Parts();
}
