using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FalServerless.IntegrationTests.Documentation;

public partial class ShapeTests
{
    private const int LinesOfReadme = 130;
    private const int LinesOfFirstScreen = 40;

    public static TheoryData<string> Pictures =>
        [.. Directory.GetFiles(Path.Combine(Page.Root, "docs", "images")).Select(path => Path.GetRelativePath(Page.Root, path)).Order()];

    [Fact]
    public void TheReadmeIsShort()
    {
        Assert.InRange(File.ReadLines(Path.Combine(Page.Root, "README.md")).Count(), 1, LinesOfReadme);
    }

    [Theory]
    [InlineData("dotnet run --project samples/Quickstart")]
    [InlineData("./build.sh test")]
    public void TheReadmesFirstScreenHasTheCommand(string command)
    {
        Assert.Contains(
            File.ReadLines(Path.Combine(Page.Root, "README.md")).Take(LinesOfFirstScreen),
            line => line.StartsWith(command, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void TheIndexLinksToEveryPage()
    {
        var index = new Page(Path.Combine("docs", "README.md"));
        var pages = Directory
            .GetFiles(Path.Combine(Page.Root, "docs"), "*.md")
            .Select(path => Path.GetFileName(path))
            .Where(name => name != "README.md");

        Assert.All(pages, name => Assert.Contains($"]({name}", index.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryImageOfAPageExists()
    {
        var images = Page.Names.SelectMany(name =>
            Images()
                .Matches(new Page(name).Text)
                .Select(match => Path.Combine(Page.Root, Path.GetDirectoryName(name)!, match.Groups[1].Value))
        );

        Assert.All(images, path => Assert.True(File.Exists(path), path));
    }

    [Theory]
    [MemberData(nameof(Pictures))]
    public void EveryPictureIsWellFormedAndHasColoursForADarkPage(string picture)
    {
        var text = File.ReadAllText(Path.Combine(Page.Root, picture));

        Assert.Equal("svg", XDocument.Parse(text).Root!.Name.LocalName);
        Assert.Contains("prefers-color-scheme: dark", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThePictureOfTheBenchmarksShowsTheRecordedFigures()
    {
        using var draw = Process.Start(
            new ProcessStartInfo(Path.Combine(Page.Root, "bench", "picture.sh"), "print") { RedirectStandardOutput = true }
        )!;
        var drawn = await draw.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await draw.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, draw.ExitCode);
        Assert.Equal(File.ReadAllText(Path.Combine(Page.Root, "docs", "images", "bench.svg")), drawn);
    }

    [GeneratedRegex(@"!\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Images();
}
