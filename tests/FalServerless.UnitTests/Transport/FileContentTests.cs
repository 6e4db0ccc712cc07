using FalServerless.Capture;
using FalServerless.Protocol;
using FalServerless.Tests.Shared.Files;
using FalServerless.Transport;

namespace FalServerless.UnitTests.Transport;

public class FileContentTests
{
    [Fact]
    public async Task ALinkIsSentAsItsFile()
    {
        using var folder = new TemporaryFolder();
        var (file, link) = (folder.File("file"), folder.File("link"));
        var bytes = new byte[100_000];
        File.WriteAllBytes(file, bytes);
        File.CreateSymbolicLink(link, file);

        using var content = new FileContent(link);

        Assert.Equal(100_000, content.Headers.ContentLength);
        Assert.Equal(bytes, await content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(ContentHash.Of(bytes), FileHash.Of(link));
        File.WriteAllBytes(file, [1, 2]);
        Assert.Equal(ContentHash.Of([1, 2]), FileHash.Of(link));
    }
}
