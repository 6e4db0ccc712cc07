using System.Diagnostics;
using System.Text;
using FalServerless.Sync;
using FalServerless.Tests.Shared.Files;
using FalServerless.Tests.Shared.Time;

namespace FalServerless.UnitTests.Sync;

public class GitIgnoreTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void NothingIsLeftOutUnlessAsked()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(".gitignore"), "*");
        Directory.CreateDirectory(folder.File(".git"));

        Assert.Equal([".git", ".gitignore"], LocalTree.Read(folder.Path, respectsGitIgnore: false, Token).Select(entry => entry.Path));
        Assert.Empty(LocalTree.Read(folder.Path, respectsGitIgnore: true, Token));
    }

    [Fact]
    public void APatternOfManyStarsTakesNoLongerForIt()
    {
        var pattern = GitIgnorePattern.TryParse(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("*a**/", 40)) + "b"))!;
        var path = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("aaaa/", 700)) + "c");
        var watch = Stopwatch.StartNew();

        Assert.False(pattern.Matches(path, isFolder: false));

        // Tried one after the other, the ways to match would take until the end of the world.
        Assert.True(watch.Elapsed < Eventually.Limit);
    }
}
