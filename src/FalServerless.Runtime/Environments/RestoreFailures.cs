using System.Text.RegularExpressions;
using FalServerless.Packages;

namespace FalServerless.Runtime.Environments;

/// <summary>Turns NuGet's messages into an error that names the requirement and what to do.</summary>
internal static class RestoreFailures
{
    private static readonly Dictionary<string, string> Suggestions = new()
    {
        ["NU1100"] = "Is the name right, and is the package's feed in your NuGet.config?",
        ["NU1101"] = "Is the name right, and is the package's feed in your NuGet.config?",
        ["NU1102"] = "Ask for a version that exists.",
        ["NU1103"] = "Ask for the prerelease version with ==, or for another version.",
        ["NU1107"] = "Add the package that is named as a requirement of its own, in a version that all can use.",
        ["NU1202"] = $"Ask for a version of the package that is made for {EnvironmentPlatform.Framework} or earlier.",
        ["NU1301"] = "Is the feed reachable from this host?",
        ["NU1605"] = "Raise the version that is too low, or leave that requirement out.",
        ["NETSDK1045"] = "Install an SDK on the host that is as new as its .NET.",
    };

    public static EnvironmentBuildFailure Of(EnvironmentDefinition definition, RestoreOutput output)
    {
        var words = output.Errors.Count > 0 ? output.Errors : [.. output.Last.TakeLast(10)];
        var failed = definition.Requirements is [var only]
            ? only
            : words.Select(line => FirstNamed(definition, line)).FirstOrDefault(named => named is not null);
        var suggestion = Suggestions
            .Where(pair => words.Any(line => line.StartsWith(pair.Key + ":", StringComparison.Ordinal)))
            .Select(pair => pair.Value)
            .FirstOrDefault();
        return new(
            string.Join(
                '\n',
                [
                    $"The environment of {string.Join(", ", definition.Requirements)} cannot be built:",
                    .. words,
                    .. suggestion is null ? [] : new[] { suggestion },
                ]
            ),
            failed?.Text
        );
    }

    private static Requirement? FirstNamed(EnvironmentDefinition definition, string line) =>
        definition
            .Requirements.Select(requirement =>
                (
                    Requirement: requirement,
                    Match: Regex.Match(
                        line,
                        $@"(?<![\w.-]){Regex.Escape(requirement.Name)}(?![\w-]|\.\w)",
                        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
                    )
                )
            )
            .Where(found => found.Match.Success)
            .OrderBy(found => found.Match.Index)
            .Select(found => found.Requirement)
            .FirstOrDefault();
}
