using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace FalServerless.IntegrationTests.Documentation;

/// <summary>A page of the documentation: the README, or one in docs.</summary>
internal sealed partial class Page(string name)
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", ".."));

    public static IEnumerable<string> Names =>
        Directory
            .GetFiles(Root, "README.md")
            .Concat(Directory.GetFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Root, path))
            .Order();

    public string Name { get; } = name;

    public string Text { get; } = File.ReadAllText(Path.Combine(Root, name));

    /// <summary>The fenced blocks, with the line at which their text begins and the sentence in front of them.</summary>
    public IReadOnlyList<Block> Blocks =>
        [
            .. Fences()
                .Matches(Text)
                .Select(match => new Block(
                    1 + Text.AsSpan(0, match.Groups["text"].Index).Count('\n'),
                    match.Groups["language"].Value,
                    match.Groups["text"].Value,
                    Text[..match.Index],
                    Text[..match.Index].TrimEnd().Split("\n\n")[^1]
                )),
        ];

    private static string ThisFile([CallerFilePath] string path = "") => path;

    [GeneratedRegex("^```(?<language>[a-z]*)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    internal sealed record Block(int Line, string Language, string Text, string Before, string Introduction)
    {
        /// <summary>Whether the page tells the reader to paste it below the block before.</summary>
        public bool ContinuesProgram => Introduction.Contains("to the program above", StringComparison.OrdinalIgnoreCase);
    }
}
