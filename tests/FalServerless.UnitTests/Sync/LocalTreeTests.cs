using FalServerless.Sync;
using FalServerless.Tests.Shared.Files;

namespace FalServerless.UnitTests.Sync;

public class LocalTreeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a/b", "inside", "a/b")]
    [InlineData("./a/../a/b", "inside", "./a/../a/b")]
    [InlineData("nothing", "dangling", "nothing")]
    [InlineData("../inside", "a/up", "../inside")]
    [InlineData(".", "itself", ".")]
    [InlineData("circle", "circle", "circle")]
    [InlineData("{root}/a/b", "a/absolute", "../a/b")]
    [InlineData("{root}", "top", ".")]
    public void ALinkThatStaysInIsKept(string target, string name, string kept)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("a"));
        File.CreateSymbolicLink(folder.File(name), target.Replace("{root}", folder.Path, StringComparison.Ordinal));

        Assert.Equal(kept, LocalTree.Read(folder.Path, respectsGitIgnore: true, Token).Single(entry => entry.Path == name).Target);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a/../../x")]
    [InlineData("/etc")]
    [InlineData("{root}/../x")]
    [InlineData("{root}x")]
    [InlineData("deep/link/..")]
    [InlineData("deep/link/../x")]
    public void ALinkThatLeadsOutIsRefusedByNameAlsoByWayOfAnother(string target)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("a"));
        Directory.CreateDirectory(folder.File("deep"));
        File.CreateSymbolicLink(folder.File("deep/link"), "..");
        File.CreateSymbolicLink(folder.File("out"), target.Replace("{root}", folder.Path, StringComparison.Ordinal));

        var refused = Assert.Throws<SyncException>(() => LocalTree.Read(folder.Path, respectsGitIgnore: true, Token));

        Assert.Equal(folder.File("out"), refused.Path);
    }
}
