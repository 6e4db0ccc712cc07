using System.Text.RegularExpressions;

namespace FalServerless.IntegrationTests.Documentation;

public partial class LinksTests
{
    public static TheoryData<string> Pages => [.. Page.Names];

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryLinkLeadsToAFileAndAnHeadingThatExist(string page)
    {
        Assert.Empty(BrokenLinks(page, new Page(page).Text));
    }

    [Fact]
    public void ABrokenLinkIsNoticed()
    {
        const string Links = "[a](docs/faq.md) [b](docs/none.md) [c](docs/faq.md#none) [d](#none) [e](https://example.org/none)";

        Assert.Equal(["docs/none.md", "docs/faq.md#none", "#none"], BrokenLinks("README.md", Links));
    }

    private static IEnumerable<string> BrokenLinks(string page, string text)
    {
        foreach (Match match in Links().Matches(Fences().Replace(text, "")))
        {
            var link = match.Groups[1].Value;
            if (link.Contains("://", StringComparison.Ordinal))
            {
                continue;
            }

            var (path, heading) = link.Split('#') is [var first, var second] ? (first, second) : (link, "");
            var target =
                path.Length == 0
                    ? page
                    : Path.GetRelativePath(Page.Root, Path.GetFullPath(Path.Combine(Page.Root, Path.GetDirectoryName(page)!, path)));
            var full = Path.Combine(Page.Root, target);
            if (!Path.Exists(full) || (heading.Length > 0 && !Anchors(path.Length == 0 ? text : File.ReadAllText(full)).Contains(heading)))
            {
                yield return link;
            }
        }
    }

    // As the places where the pages are read make them: lower case, spaces as hyphens, other punctuation left out.
    private static IEnumerable<string> Anchors(string text) =>
        Headings()
            .Matches(Fences().Replace(text, ""))
            .Select(match => Punctuation().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();
}
